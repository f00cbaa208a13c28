"""The conversation formats as Jinja templates, for `apply_chat_template` and servers.

They write what `trainer.model.conversation` encodes, with one `<imgpad>` for each picture, before
the text of its turn. Literals are in expressions, whose line breaks Jinja keeps.
"""

from __future__ import annotations

from trainer.model.conversation import LINE_BREAK, SYSTEM_QWEN, SYSTEM_VICUNA
from trainer.model.tokens import IMAGE_END, IMAGE_PAD, IMAGE_START

MARKED = IMAGE_START + IMAGE_PAD + IMAGE_END


def _macros(picture: str) -> str:
    """`pictures(message)` and `words(message)`, whose content is a string or a list of parts."""
    return (
        "{%- macro pictures(message) -%}"
        "{%- if message['content'] is not string -%}"
        "{%- for part in message['content'] if part['type'] == 'image' -%}"
        f"{{{{ '{picture}' }}}}"
        "{%- endfor -%}{%- endif -%}{%- endmacro -%}"
        "{%- macro words(message) -%}"
        "{%- if message['content'] is string -%}{{ message['content'] }}{%- else -%}"
        "{%- for part in message['content'] if part['type'] == 'text' -%}{{ part['text'] }}"
        "{%- endfor -%}{%- endif -%}{%- endmacro -%}"
    )


_EACH = "{%- for message in messages -%}"
_OPT = (
    _macros(MARKED)
    + "{{ '</s>' }}"
    + _EACH
    + "{{ pictures(message) }}{%- endfor -%}{{ '\\n' }}"
    + _EACH
    + "{%- if message['role'] == 'assistant' -%}{{ words(message) + '\\n</s>' }}{%- endif -%}"
    + "{%- endfor -%}"
)
_LAVIS = (
    _macros(IMAGE_PAD)
    + _EACH
    + "{{ pictures(message) }}{%- endfor -%}{{ '</s>' }}"
    + _EACH
    + "{%- if message['role'] == 'user' -%}{{ words(message) }}"
    + "{%- elif message['role'] == 'assistant' -%}"
    + f"{{{{ words(message).strip().replace('\\n', '{LINE_BREAK}') + '\\n' }}}}"
    + "{%- endif -%}{%- endfor -%}"
)
_QWEN = (
    _macros(MARKED)
    + "{%- if messages[0]['role'] != 'system' -%}"
    + f"{{{{ '<|im_start|>system\\n{SYSTEM_QWEN}<|im_end|>' }}}}"
    + "{%- endif -%}"
    + _EACH
    + "{{ '<|im_start|>' + message['role'] + '\\n' + pictures(message) + words(message) "
    + "+ '<|im_end|>' }}{%- endfor -%}"
    + "{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}"
)
_VICUNA = (
    _macros(MARKED)
    + "{%- set start = namespace(text='<s>') -%}"
    + "{%- if messages[0]['role'] == 'system' -%}"
    + "{%- set start.text = '<s>' + words(messages[0]) + ' ' -%}"
    + f'{{%- else -%}}{{%- set start.text = "<s>{SYSTEM_VICUNA} " -%}}'
    + "{%- endif -%}"
    + _EACH
    + "{%- if message['role'] == 'user' -%}"
    + "{{ start.text + 'USER: ' + pictures(message) + words(message) + ' ASSISTANT:' }}"
    + "{%- set start.text = '' -%}"
    + "{%- elif message['role'] == 'assistant' -%}{{ ' ' + words(message) + '</s>' }}"
    + "{%- endif -%}{%- endfor -%}"
)
CHAT_TEMPLATES = {"opt": _OPT, "lavis": _LAVIS, "qwen": _QWEN, "vicuna": _VICUNA}
"""By the name of the conversation format."""

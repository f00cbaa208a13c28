"""The grounded warm-up: a Vary-tiny with random weights learns to look before it learns to read.

The words' boxes in a dataset's `regions` say which character stands where. A head on the
vocabulary network's map at stride 16 learns exactly that, beside the answer loss, on crops that
grow from small to whole pictures. The head is dropped afterwards; what remains is the paper's
training.
"""

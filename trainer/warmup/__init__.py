"""The grounded warm-up, which makes Vary-tiny with random weights use the picture.

The boxes of words in a dataset's `regions` give the character at each place of a picture. A head
on the vocabulary network's map at stride 16 learns to predict them, together with the answer loss,
on crops that grow from small to whole pictures. The head is dropped before the paper's training.
"""

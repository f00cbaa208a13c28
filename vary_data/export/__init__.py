"""Exports datasets in the formats of other trainers: one module per format, with its `FORMAT`."""

FORMATS = ("llava", "trl", "swift", "webdataset", "coco", "yolo", "pubtabnet", "omnidocbench")

"""The blocks of the placed layouts, a file for each kind: functions that draw into a `Flow`."""

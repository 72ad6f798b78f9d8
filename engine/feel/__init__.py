"""FEEL, the expression language of DMN 1.5 (chapter 10), evaluated by ourselves on decimal numbers
and within bounds. Pure.

`parser` text → `syntax` tree, by the `names` in scope · `evaluate` tree → closure · `values`,
`moments` what it reckons with, and how much `arithmetic`, `properties`, `patterns`, `types` what
signs, points, regular expressions and types mean · `builtins` its functions
"""

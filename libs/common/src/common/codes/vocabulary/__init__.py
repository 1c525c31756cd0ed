"""The words of the interface in Chinese and English; documents, refusals and pages use the same words."""

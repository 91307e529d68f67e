"""Official letters in the layout of GB/T 9704-2012, as Word files and as PDF; no business words in here."""

from common.letters.letter import Block, Heading, Letter, Paragraph, Table
from common.letters.pdf import to_pdf
from common.letters.word import to_docx

__all__ = ["Block", "Heading", "Letter", "Paragraph", "Table", "to_docx", "to_pdf"]

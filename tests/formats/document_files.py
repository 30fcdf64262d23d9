"""Word and Hangul documents for tests, put together from the parts that word processors write."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping

from quizapp.formats.documents.samples import HANGUL, OFFICE, PACKAGE, WORD, zipped

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NAMESPACES = (
    f'xmlns:w="{WORD}" xmlns:m="{MATH}" xmlns:r="{OFFICE}" xmlns:a="{DRAWING}/main" xmlns:pic="{DRAWING}/picture" '
    f'xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="urn:wps"'
)
PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="원 그림"/><a:graphic><a:graphicData><pic:pic>'
    '<pic:blipFill><a:blip r:embed="rIdP"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{html.escape(words)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    inside = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def listed(words: str, number: int, depth: int = 0) -> str:
    return paragraph(words, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def table(*rows: list[str]) -> str:
    written = "".join(f"<w:tr>{''.join(f'<w:tc>{cell_of(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{written}</w:tbl>"


def cell_of(cell: str) -> str:
    return cell if cell.startswith("<") else paragraph(cell)


def word(*blocks: str, members: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word document; blocks that aren't XML are paragraphs."""
    body = "".join(block if block.startswith("<") else paragraph(block) for block in blocks)
    related = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'
        for name, kind, target, outside in (
            ("rIdP", "image", "media/image1.png", ""),
            ("rIdW", "image", "media/image2.wmf", ""),
            ("rIdX", "image", "https://example.org/x.png", ' TargetMode="External"'),
            ("rIdL", "hyperlink", "https://example.org/", ' TargetMode="External"'),
        )
    )
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
    numbering = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%2"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="ganada"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
    )
    return zipped(
        {
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations,
            "word/numbering.xml": numbering,
            "word/media/image1.png": PNG,
            "word/media/image2.wmf": b"wmf",
            **(members or {}),
        }
    )


def hangul_paragraph(words: str = "", form: str = "0", inside: str = "", para: str = "0") -> str:
    text = f"<hp:t>{html.escape(words)}</hp:t>" if words else ""
    return f'<hp:p paraPrIDRef="{para}"><hp:run charPrIDRef="{form}">{text}{inside}</hp:run></hp:p>'


def hangul_table(*rows: list[str]) -> str:
    written = "".join(
        "<hp:tr>"
        + "".join(
            f"<hp:tc><hp:subList>{cell if cell.startswith('<') else hangul_paragraph(cell)}</hp:subList></hp:tc>"
            for cell in row
        )
        + "</hp:tr>"
        for row in rows
    )
    return hangul_paragraph(inside=f"<hp:tbl>{written}</hp:tbl>")


def hangul(*blocks: str, members: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Hangul document; blocks that aren't XML are paragraphs. Form 1 is bold, 2 underlined, 3 red, 4 subscript."""
    body = "".join(block if block.startswith("<") else hangul_paragraph(block) for block in blocks)
    head = (
        f'<hh:head xmlns:hh="{HANGUL}/head"><hh:refList><hh:charProperties>'
        '<hh:charPr id="0" textColor="#000000" shadeColor="none"><hh:underline type="NONE"/></hh:charPr>'
        '<hh:charPr id="1" textColor="#000000"><hh:bold/></hh:charPr>'
        '<hh:charPr id="2" textColor="#000000"><hh:underline type="BOTTOM"/></hh:charPr>'
        '<hh:charPr id="3" textColor="#FF0000"/><hh:charPr id="4" textColor="#000000"><hh:subscript/></hh:charPr>'
        '<hh:charPr id="5"><hh:strikeout shape="SOLID"/></hh:charPr>'
        '<hh:charPr id="6"><hh:strikeout shape="3D"/></hh:charPr>'
        '</hh:charProperties><hh:numberings><hh:numbering id="1">'
        '<hh:paraHead level="1" start="1" numFormat="DIGIT">^1.</hh:paraHead>'
        '<hh:paraHead level="2" numFormat="CIRCLED_DIGIT">^2</hh:paraHead>'
        "</hh:numbering></hh:numberings><hh:paraProperties>"
        '<hh:paraPr id="0"><hh:heading type="NONE"/></hh:paraPr>'
        '<hh:paraPr id="1"><hh:heading type="NUMBER" idRef="1" level="0"/></hh:paraPr>'
        '<hh:paraPr id="2"><hh:heading type="NUMBER" idRef="1" level="1"/></hh:paraPr>'
        "</hh:paraProperties></hh:refList></hh:head>"
    )
    content = (
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:manifest>'
        '<opf:item id="image1" href="BinData/image1.png" media-type="image/png"/></opf:manifest></opf:package>'
    )
    return zipped(
        {
            "mimetype": "application/hwp+zip",
            "Contents/content.hpf": content,
            "Contents/header.xml": head,
            "Contents/section0.xml": f'<hs:sec xmlns:hs="{HANGUL}/section" xmlns:hp="{HANGUL}/paragraph" '
            f'xmlns:hc="{HANGUL}/core">{body}</hs:sec>',
            "BinData/image1.png": PNG,
            **(members or {}),
        }
    )

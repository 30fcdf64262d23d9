"""The smallest documents that hold some lines: for the samples of their formats, and empty ones."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterable, Mapping

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HANGUL = "http://www.hancom.co.kr/hwpml/2011"
WHEN = (2026, 1, 1, 0, 0, 0)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip that is the same whenever it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(info, data)
    return out.getvalue()


def docx_of(lines: Iterable[str]) -> bytes:
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{html.escape(line)}</w:t></w:r></w:p>' for line in lines)
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return zipped(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": relations,
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        }
    )


def hwpx_of(lines: Iterable[str]) -> bytes:
    body = "".join(
        f'<hp:p paraPrIDRef="0"><hp:run charPrIDRef="0"><hp:t>{html.escape(line)}</hp:t></hp:run></hp:p>'
        for line in lines
    )
    section = f'<hs:sec xmlns:hs="{HANGUL}/section" xmlns:hp="{HANGUL}/paragraph">{body}</hs:sec>'
    head = f'<hh:head xmlns:hh="{HANGUL}/head"><hh:refList/></hh:head>'
    content = (
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:manifest>'
        '<opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
        '<opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/>'
        '</opf:manifest><opf:spine><opf:itemref idref="section0"/></opf:spine></opf:package>'
    )
    return zipped(
        {
            "mimetype": "application/hwp+zip",
            "Contents/content.hpf": content,
            "Contents/header.xml": head,
            "Contents/section0.xml": section,
        }
    )

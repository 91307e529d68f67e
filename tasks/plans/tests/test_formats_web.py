"""Web pages: what belongs to the document is kept, what belongs to the site is not."""

from __future__ import annotations

import pytest

from tasks.plans.document import Document
from tasks.plans.formats import open_document
from tasks.plans.tests import writers


def opened(body: str, head: str = "") -> Document:
    return open_document("方案.html", f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


PROSE = "各矿山企业要对照清单开展自查自改，建立问题台账，逐项明确整改责任人和期限，按时报送进展情况。"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_the_charset_is_the_one_the_page_declares(charset: str) -> None:
    page = f'<html><head><meta charset="{charset}"></head><body><p>{PROSE}</p></body></html>'
    assert texts(open_document("a.html", page.encode("gb18030" if charset.startswith("gb") else charset))) == [PROSE]


def test_a_wrong_declaration_does_not_garble_the_page() -> None:
    page = f'<html><head><meta charset="gb2312"></head><body><p>{PROSE}</p></body></html>'
    assert texts(open_document("a.html", page.encode())) == [PROSE]


def test_a_page_is_known_by_its_content_not_by_its_name() -> None:
    page = f"<html><body><p>{PROSE}</p></body></html>".encode()
    assert texts(open_document("方案.doc", page)) == [PROSE]
    assert texts(open_document("方案.txt", b"\xef\xbb\xbf\r\n" + page)) == [PROSE]


def test_a_fragment_is_a_page_when_it_is_named_so() -> None:
    fragment = f"第一行<br>{PROSE}<p>末行</p>".encode()
    assert texts(open_document("a.htm", fragment)) == ["第一行", PROSE, "末行"]
    assert texts(open_document("a.txt", fragment)) == [fragment.decode()]


def test_paragraphs_breaks_and_inline_tags() -> None:
    document = opened(
        f"<h2>标题</h2><p>一、<b>查<i>边坡</i></b></p>散落的字<div>{PROSE}<br/>下一行</div><pre>甲\n乙</pre>"
    )
    assert texts(document) == ["标题", "一、查边坡", "散落的字", PROSE, "下一行", "甲乙"]
    assert document.blocks[0].style == "h2"


def test_line_ends_of_the_source_are_no_spaces_between_characters() -> None:
    assert texts(opened("<p>矿山\n  安全\n2025 年\tA\nB</p>")) == ["矿山安全 2025 年 A B"]


def test_the_frame_of_the_site_is_left_out() -> None:
    parts = [writers.Paragraph("青岭县矿山整治方案"), writers.Paragraph(PROSE), writers.Paragraph("一、查")]
    assert texts(open_document("a.html", writers.to_html(parts))) == [
        "　　青岭县矿山整治方案",
        f"　　{PROSE}",
        "　　一、查",
    ]


def test_a_disclosure_page_with_its_index_and_attachments_is_read() -> None:
    document = opened(
        '<form id="aspnetForm"><div class="head"><a>首页</a> | <a>机构</a> | <a>公开</a></div>'
        '<div id="crumb">当前位置：<a>首页</a>&gt;<a>政务公开</a></div>'
        "<table class=xxgk><tr><td>索引号</td><td>000014349/2025-00012</td><td>发布机构</td><td>青岭县应急管理局</td></tr>"
        "<tr><td>文号</td><td>青应急〔2025〕3号</td><td>成文日期</td><td>2025-02-18</td></tr></table>"
        "<h1>关于清查矿山隐患的通知</h1><table width=100%><tr><td id=td_DocContent class=TRS_Editor>"
        f"<div class=share-box>分享到：微信 微博</div><p>{PROSE}{PROSE}</p><p>附件：<a>1.任务清单</a></p>"
        "<ul><li><a>附件1.任务清单.docx</a></li><li><a>附件2.月报表.xlsx</a></li><li><a>附件3.名单.xlsx</a></li></ul>"
        f"</td></tr></table><div class=pagination><a>上一篇</a><a>下一篇</a></div>"
        "<ul><li><a>县里召开会议</a></li><li><a>县里开展演练</a></li><li><a>县里发布预警</a></li></ul></form>"
    )
    paragraphs = [block.text for block in document.blocks if not block.cell]
    assert paragraphs == [
        "关于清查矿山隐患的通知",
        PROSE + PROSE,
        "附件：1.任务清单",
        "附件1.任务清单.docx",
        "附件2.月报表.xlsx",
        "附件3.名单.xlsx",
    ]
    assert "青应急〔2025〕3号" in [block.text for block in document.blocks if block.cell]


def test_a_paragraph_of_links_is_text() -> None:
    laws = "".join(f"<a>《第{number}号规定》</a>、" for number in range(5))
    assert len(texts(opened(f"<p>{PROSE}</p><p>{laws}</p>"))) == 2


def test_sentences_are_kept_whatever_the_template_calls_them() -> None:
    document = opened(
        f'<div class="menu">{PROSE}</div><div id="footer"><p>责任单位：县应急管理局</p></div><p>{PROSE}</p>'
    )
    assert texts(document) == [PROSE, "责任单位：县应急管理局", PROSE]
    assert texts(opened(f"<article><p>{PROSE}</p><footer>{PROSE}</footer></article><footer>版权所有</footer>")) == [
        PROSE,
        PROSE,
    ]


def test_a_plan_hidden_until_a_script_shows_it_is_kept_and_small_hidden_things_are_not() -> None:
    assert texts(opened(f'<div style="display:none"><p>{PROSE}</p></div>')) == [PROSE]
    assert texts(opened(f'<p>{PROSE}{PROSE}</p><div style="display: none">口令</div>')) == [PROSE + PROSE]


def test_links_inside_the_text_are_text() -> None:
    assert texts(opened(f'<p>依据<a href="/a">《办法》</a>，{PROSE}</p>')) == [f"依据《办法》，{PROSE}"]


def test_table_cells_keep_their_spans() -> None:
    document = opened(
        f"<p>{PROSE}</p><table><caption>清单</caption><thead><tr><th>序号<th>任务<th>单位</tr></thead>"
        "<tr><td rowspan=2>1<td><p>(1)查</p>"
        "<p>(2)改</p><td rowspan=0>县局<br>乡镇</tr><tr><td>验</tr><tr><td colspan=2>合计</tr></table>"
    )
    assert texts(document)[1] == "清单"
    cells = {
        (b.cell.row, b.cell.column): (b.text, b.cell.row_span, b.cell.column_span) for b in document.blocks if b.cell
    }
    assert cells[1, 0] == ("1", 2, 1)
    assert cells[1, 1] == ("(1)查\n(2)改", 1, 1)
    assert cells[1, 2] == ("县局\n乡镇", 3, 1)
    assert cells[2, 1] == ("验", 1, 1)
    assert cells[3, 0] == ("合计", 1, 2)


def test_tables_that_only_lay_out_the_page_are_seen_through() -> None:
    inner = "<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>查</td></tr></table>"
    document = opened(f"<table><tr><td>左栏</td><td><p>{PROSE}</p>{inner}</td></tr></table>")
    assert texts(document) == ["左栏", PROSE, "序号", "任务", "1", "查"]
    assert [block.cell is not None for block in document.blocks] == [False, False, True, True, True, True]


def test_a_layout_table_around_a_data_table_is_seen_through() -> None:
    inner = "<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>查看全部边坡并逐座建档测量</td></tr></table>"
    document = opened(f"<table><tr><td>版</td></tr><tr><td><table><tr><td>{inner}</td></tr></table></td></tr></table>")
    assert {(b.cell.row, b.cell.column): b.text for b in document.blocks if b.cell}[
        1, 1
    ] == "查看全部边坡并逐座建档测量"


def test_items_of_an_ordered_list_keep_the_number_a_browser_draws() -> None:
    assert texts(opened(f"<p>{PROSE}</p><ol start=3><li>查</li><li>改</li></ol><ul><li>验</li></ul>"))[1:] == [
        "3. 查",
        "4. 改",
        "验",
    ]
    assert texts(opened("<ol style='list-style: none'><li>一、查</li></ol>")) == ["一、查"]


def test_pinyin_set_above_the_characters_is_left_out() -> None:
    assert texts(opened("<p><ruby>山<rp>(</rp><rt>shan</rt><rp>)</rp></ruby>区</p>")) == ["山区"]


def test_word_saved_as_a_web_page_is_read() -> None:
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="gb2312"><!--[if gte mso 9]><xml>'
        "<o:a>杂</o:a></xml><![endif]--><style>p.MsoNormal{}</style></head><body lang=ZH-CN><div class=WordSection1>"
        f"<p class=MsoNormal><span style='font-family:仿宋'>一、{PROSE}<span lang=EN-US><o:p></o:p></span></span></p>"
        "<![if !supportLists]><p>（一）查</p><![endif]></div></body></html>"
    )
    assert texts(open_document("a.htm", page.encode("gb18030"))) == [f"一、{PROSE}", "（一）查"]

"""Documents and photos, both ways."""

from domain.people import Role
from tests import papers
from tests.flows.conftest import House
from tests.flows.test_bad_input import at_files


async def test_a_photo_of_the_liaison_reaches_the_officer(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_files(house, liaison)
    liaison.send_photo(papers.picture("JPEG"))
    held = await liaison.expect("photo.jpg", where=lambda m: m.has("本人已核对"))
    liaison.press("完成")
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    await officer.expect("见附件")
    assert not any(m.photo for m in officer.messages())
    liaison.press("本人已核对", held)
    await officer.expect(where=lambda m: bool(m.photo))


async def test_a_document_of_the_officer_reaches_the_liaison(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_files(house, liaison)
    officer.press("受理", await officer.expect("新申请"))
    await officer.expect(where=lambda m: m.has("回复"))
    officer.press("回复")
    await officer.expect("回复内容")
    officer.send("清单见附件。")
    await officer.expect("附件")
    officer.send_document("清单.pdf", papers.pdf())
    await officer.expect("清单.pdf：未发现标志")
    officer.press("完成")
    await officer.expect(where=lambda m: m.has("提交"))
    officer.press("提交")
    await liaison.expect("清单见附件。")
    seen = await liaison.expect(where=lambda m: m.document is not None)
    assert "清单.pdf" in seen.text

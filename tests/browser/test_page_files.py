"""Files, photos and albums, to the bot and from it."""

from pathlib import Path
from typing import Any

from playwright.async_api import expect

from bot.rehearsal import Attachment, Person
from bot.rehearsal.files import DOT
from tests.browser.conftest import Phone, Stage

MEBIBYTE = 1024 * 1024


def document(name: str, data: bytes, kind: str = "application/octet-stream") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": data}


async def received(stage: Stage, file_id: str) -> bytes:
    """A file as the bot fetches it."""
    path = (await stage.call("getFile", file_id=file_id))["file_path"]
    async with stage.session.get(f"{stage.server.base_file_url}{stage.server.token}/{path}") as answer:
        return await answer.read()


async def test_a_document_goes_to_the_bot_with_its_caption(phone: Phone, stage: Stage, zhang: Person) -> None:
    dialog = await phone.attach("文件…", document("年度总结（初稿）.docx", b"\x00\xffdocx"))
    await expect(dialog).to_contain_text("年度总结（初稿）.docx")
    await dialog.get_by_label("说明（可不填）").fill("请查收")
    await dialog.get_by_role("button", name="发送").click()
    await expect(phone.row("请查收").locator(".attachment")).to_contain_text("年度总结（初稿）.docx")
    sent = zhang.last.document or {}
    assert (sent["file_name"], zhang.last.text) == ("年度总结（初稿）.docx", "请查收")
    assert await received(stage, sent["file_id"]) == b"\x00\xffdocx"


async def test_a_file_can_be_a_reply(phone: Phone, stage: Stage, zhang: Person) -> None:
    asked = await stage.write(zhang, "请上传材料")
    await phone.choose(phone.row("请上传材料"), "回复")
    dialog = await phone.attach("文件…", document("a.txt", b"a"))
    await dialog.get_by_role("button", name="发送").click()
    await expect(phone.rows.last.locator(".quote")).to_contain_text("请上传材料")
    assert zhang.last.reply_to == asked["message_id"]


async def test_a_photo_is_shown_and_opened(phone: Phone, zhang: Person) -> None:
    dialog = await phone.attach("照片…", document("现场.png", DOT, "image/png"))
    await dialog.get_by_role("button", name="发送").click()
    await phone.button("查看照片").click()
    viewer = phone.page.get_by_role("dialog")
    await expect(viewer.get_by_role("img")).to_have_js_property("naturalWidth", 1)
    await viewer.get_by_role("button", name="关闭").click()
    await expect(viewer).to_have_count(0)
    assert zhang.last.photo is not None


async def test_several_photos_are_one_album(phone: Phone, zhang: Person) -> None:
    photos = [document(f"{number}.png", DOT, "image/png") for number in range(3)]
    dialog = await phone.attach("照片…", *photos)
    await dialog.get_by_label("说明（可不填）").fill("三张")
    await dialog.get_by_role("button", name="发送").click()
    await expect(phone.row("三张").locator(".photo")).to_have_count(3)
    await expect(phone.rows).to_have_count(2)
    assert len({one.raw["media_group_id"] for one in zhang.messages()[1:]}) == 1


async def test_an_album_loses_a_photo_that_is_deleted(phone: Phone, zhang: Person) -> None:
    sent = zhang.send_album([Attachment(f"{number}.png", DOT, kind="photo") for number in range(3)], "组图")
    await expect(phone.row("组图").locator(".photo")).to_have_count(3)
    zhang.delete(sent[1])
    await expect(phone.row("组图").locator(".photo")).to_have_count(2)


async def test_a_file_of_the_bot_is_downloaded_as_it_is(
    phone: Phone, stage: Stage, zhang: Person, tmp_path: Path
) -> None:
    await stage.send_file(zhang, "document", "清单.xlsx", b"PK\x03\x04\xff", caption="清单")
    async with phone.page.expect_download() as downloading:
        await phone.root.get_by_role("link", name="下载 清单.xlsx").click()
    download = await downloading.value
    await download.save_as(tmp_path / "saved")
    assert download.suggested_filename == "清单.xlsx"
    assert (tmp_path / "saved").read_bytes() == b"PK\x03\x04\xff"


async def test_a_hostile_file_is_downloaded_and_never_shown(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    for name, data in [("a.html", b"<script>opener.hit=1</script>"), ("b.svg", b"<svg onload='hit=1'/>")]:
        sent = await stage.send_file(zhang, "document", name, data)
        async with stage.session.get(
            f"{stage.server.control_url}/files/{sent['document']['file_id']}"
        ) as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Content-Security-Policy"].startswith("sandbox")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.content_type == "application/octet-stream"


async def test_fifteen_megabytes_there_and_back(
    phone: Phone, stage: Stage, zhang: Person, tmp_path: Path
) -> None:
    data = bytes(range(256)) * (15 * MEBIBYTE // 256)
    (tmp_path / "大.bin").write_bytes(data)
    dialog = await phone.attach("文件…", tmp_path / "大.bin")
    await dialog.get_by_role("button", name="发送").click()
    await expect(phone.rows.last.locator(".attachment")).to_contain_text("15 MB")
    assert await received(stage, (zhang.last.document or {})["file_id"]) == data
    async with phone.page.expect_download() as downloading:
        await phone.rows.last.locator(".attachment").click()
    await (await downloading.value).save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == data


async def test_a_dropped_file_is_asked_about(phone: Phone, zhang: Person) -> None:
    await expect(phone.field).to_be_visible()
    transfer = await phone.page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['a'], '拖.txt')); return all }"
    )
    await phone.root.locator(".chat").dispatch_event("drop", {"dataTransfer": transfer})
    await expect(phone.page.get_by_role("dialog")).to_contain_text("拖.txt")

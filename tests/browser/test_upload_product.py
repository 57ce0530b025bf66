"""A file over the upload page, as a liaison does it on a phone: from the chat to the page and back."""

import asyncio
import os
from pathlib import Path

from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import NARROW, WIDE, Contexts
from tests.browser.test_product import PATIENCE_MS, Handset, file_request, rehearsal
from tests.handlers.extraction import making

__all__ = ["rehearsal"]

CLEAN = making.docx(making.paragraph(making.run("供需对接材料说明。")))
MARKED = making.docx(making.paragraph(making.run(making.MARK)))


async def test_a_file_goes_from_the_phone_over_the_page_to_the_officer(
    contexts: Contexts, rehearsal: str, tmp_path: Path
) -> None:
    (tmp_path / "对接说明.docx").write_bytes(CLEAN)
    (tmp_path / "年度计划.docx").write_bytes(MARKED)
    context = await contexts.get(viewport=WIDE)
    page = await context.new_page()
    try:
        await page.goto(rehearsal)
        liaison, officer = Handset(page, "林知行", "zh_CN"), Handset(page, "周明远", "zh_CN")
        await at_files(liaison)
        await liaison.press("安全上传页")
        await liaison.sees("仅供您本人使用")
        await liaison.shot("1-link")
        upload = await opened(context, liaison)
        await shot(upload, "2-opened")
        await upload.get_by_role("button", name="开始上传").click()
        await upload.get_by_label("选择文件").set_input_files(tmp_path / "对接说明.docx")
        entry = upload.get_by_role("listitem").filter(has_text="对接说明.docx")
        await expect(entry).to_contain_text("未发现标志，不能代替保密审查", timeout=PATIENCE_MS)
        await upload.get_by_label("选择文件").set_input_files(tmp_path / "年度计划.docx")
        await expect(upload.get_by_text("文件未接收")).to_be_visible(timeout=PATIENCE_MS)
        await shot(upload, "3-verdicts")
        await upload.get_by_role("button", name="完成").click()
        await expect(upload.get_by_role("heading", name="已完成")).to_be_visible()
        await expect(upload.get_by_text("共收到 1 个文件。")).to_be_visible()
        await shot(upload, "4-done")
        await upload.close()
        await liaison.sees("1. 对接说明.docx")
        await liaison.shot("5-chat")
        await liaison.press("完成")
        await liaison.press("提交")
        await officer.press("获取下载链接")
        await officer.sees("每次打开都会记录")
        await officer.shot("6-officer")
        download = await opened(context, officer)
        await shot(download, "7-download")
        async with download.expect_download() as coming:
            await download.get_by_role("button", name="下载").click()
        assert (await (await coming.value).path()).read_bytes() == CLEAN
        await download.close()
    finally:
        await page.close()


async def at_files(liaison: Handset) -> None:
    await liaison.press("服务申请")
    await file_request(liaison, "zh_CN")
    await liaison.press("补充材料")
    await liaison.says("见附件")
    await liaison.sees("附件")


async def opened(context: BrowserContext, phone: Handset) -> Page:
    """The page behind the newest link of a chat, in a tab of its own, as wide as a phone."""
    async with context.expect_page() as coming:
        await phone.root.get_by_role("link").last.click()
    page = await coming.value
    await page.set_viewport_size(NARROW)
    return page


async def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("LIANLUO_SCREENSHOTS"):
        await asyncio.sleep(0.3)
        await page.screenshot(path=Path(folder) / f"upload-{name}.png", full_page=True)

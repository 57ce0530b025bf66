"""The command line: `lianluo …`. Exit codes: 0 done, 1 failed, 2 wrong use or configuration.

`verify` and `scan` end with 3 where there are errors or marks, with 4 where there are only warnings.
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config, Misconfigured, load
from domain.people import BASE_ROLES, Role

DONE, FAILED, WRONG_USE = 0, 1, 2
LONG = 500  # steps of a piece of work that is watched

Run = Callable[[Config, argparse.Namespace], Awaitable[int]]


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    os.umask(0o077)  # what is kept here is for nobody else's eyes
    try:
        code = asyncio.run(arguments.run(load(), arguments))
    except Misconfigured as error:
        code = _say(str(error), WRONG_USE)
    except KeyboardInterrupt:
        code = DONE
    except Exception as error:  # noqa: BLE001  the shell gets one line, whatever it was
        code = _unavailable(error)
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lianluo", description="The liaison bot of an IP centre and its bases."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the bot; with no token, the rehearsal")
    run.add_argument("--fresh", action="store_true", help="with no token: begin the rehearsal anew")
    run.set_defaults(run=_run, port=8090)
    rehearsing = commands.add_parser("rehearse", help="a small Telegram in the browser, with no token")
    rehearsing.add_argument("--port", type=int, default=8090)
    rehearsing.add_argument("--fresh", action="store_true", help="begin anew")
    rehearsing.set_defaults(run=_rehearse)
    migrating = commands.add_parser("migrate", help="bring the database to this version")
    migrating.set_defaults(run=_migrate)
    examining = commands.add_parser("doctor", help="check everything, and say what to do")
    examining.set_defaults(run=_doctor)
    scanning = commands.add_parser("scan", help="put files or lines of text before the confidentiality gate")
    scanning.add_argument("files", type=Path, nargs="*", metavar="FILE")
    scanning.add_argument("--text", action="store_true", help="read lines from standard input")
    scanning.add_argument("--json", action="store_true", help="one object a finding, or a line of text")
    scanning.set_defaults(run=_scan)
    verifying = commands.add_parser("verify", help="check the figures of an annual report")
    verifying.add_argument("file", type=Path, metavar="FIGURES.json")
    verifying.add_argument("--last", type=Path, metavar="LASTYEAR.json", help="last year's figures")
    verifying.add_argument("--json", action="store_true", help="each finding as an object, one a line")
    verifying.set_defaults(run=_verify)
    importing = commands.add_parser("import", help="add and update the bases of a list; all of them or none")
    importing.add_argument("file", type=Path, metavar="FILE.xlsx|csv")
    importing.add_argument("--valid-rows", action="store_true", help="leave out the rows that are wrong")
    importing.set_defaults(run=_import)
    exporting = commands.add_parser("export", help="take a year along: figures, summary, files of all bases")
    exporting.add_argument("--year", type=int, required=True)
    exporting.add_argument("folder", type=Path, metavar="DIR", help="new or empty")
    exporting.set_defaults(run=_export)
    keeping = commands.add_parser("retention", help="delete what is past its time, a line a kind")
    keeping.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    keeping.set_defaults(run=_retention)
    inviting = commands.add_parser(
        "invite", help="print an invitation link, or a workbook of all that are open"
    )
    inviting.add_argument("--role", choices=[role.value for role in Role])
    inviting.add_argument("--name")
    inviting.add_argument("--base", metavar="CODE")
    inviting.add_argument(
        "--handover", action="store_true", help="to take over the office from whoever holds it"
    )
    inviting.add_argument(
        "--pending", type=Path, metavar="OUT.xlsx", help="invite everybody on record who is not enrolled"
    )
    inviting.add_argument("--force", action="store_true", help="overwrite OUT.xlsx")
    inviting.set_defaults(run=_invite)
    return parser


async def _run(config: Config, arguments: argparse.Namespace) -> int:
    from bot import app, logs

    if config.token is None:
        return await _rehearse(config, arguments)
    if arguments.fresh:
        return _say("--fresh: only for the rehearsal; there is a LIANLUO_TOKEN", WRONG_USE)
    logs.configure()
    return await app.run(config)


async def _rehearse(config: Config, arguments: argparse.Namespace) -> int:
    from bot import logs, rehearse

    logs.configure()
    return await rehearse.run(config, port=arguments.port, fresh=arguments.fresh)


async def _migrate(config: Config, _: argparse.Namespace) -> int:
    from bot.app import connected
    from storage.migrate import migrate

    async with connected(config) as database:
        applied = await migrate(database)
    print("\n".join(applied) if applied else "up to date")
    return DONE


async def _doctor(config: Config, _: argparse.Namespace) -> int:
    from bot import doctor
    from bot.clock import SystemClock

    logging.disable()  # PTB would log what it makes of a bad answer: the lines tell it
    lines = await doctor.examine(config, SystemClock())
    print("\n".join(map(str, lines)))
    return FAILED if doctor.Level.ERROR in {line.finding.level for line in lines} else DONE


async def _scan(config: Config, arguments: argparse.Namespace) -> int:
    from bot import scan
    from domain.confidential.findings import Severity, worst
    from messages import Catalog

    if arguments.text == bool(arguments.files):
        return _say("scan: FILE…, or --text with lines on standard input", WRONG_USE)
    if missing := [file for file in arguments.files if not file.is_file()]:
        return _say(f"{missing[0]}: no such file", WRONG_USE)
    teller = scan.Teller(Catalog(config.timezone, config.locale), config.locale, arguments.json)
    today, severity = datetime.now(ZoneInfo(config.timezone)).date(), Severity.NONE
    if arguments.text:
        for number, found in scan.lines(sys.stdin.buffer, today):
            severity = max(severity, worst(found))
            _print(teller.of_line(number, found))
    async for file, found in scan.files(arguments.files, today, teller):
        severity = max(severity, worst(found))
        _print(teller.of_file(file, found))
    return scan.outcome(severity)


def _print(lines: Iterator[str]) -> None:
    """At once: whoever reads at the other end of a pipe may wait for each."""
    for line in lines:
        print(line, flush=True)


async def _verify(config: Config, arguments: argparse.Namespace) -> int:
    from bot import verify
    from domain import verification
    from messages import Catalog

    try:
        figures = verify.read(arguments.file)
        last = verify.read(arguments.last) if arguments.last else {}
    except verify.Unreadable as error:
        return _say(str(error), WRONG_USE)
    if unknown := verify.unknown(figures):
        _say(f"{arguments.file}: not an indicator, left out: {', '.join(unknown[:10])}", DONE)
    found = verification.verify(figures, last)
    for line in verify.lines(found, Catalog(config.timezone, config.locale), config.locale, arguments.json):
        print(line)
    return verify.outcome(found)


async def _import(config: Config, arguments: argparse.Namespace) -> int:
    from bot import roster, sheets
    from bot.app import opened
    from bot.clock import SystemClock

    file, valid_rows = arguments.file, arguments.valid_rows
    async with opened(config) as database:
        try:
            with _bar() as bar:
                now = SystemClock().now()
                outcome = await roster.load(database, file, now, valid_rows=valid_rows, progress=bar)
        except sheets.Unreadable as error:
            return _say(str(error), FAILED)
    for problem in outcome.problems:
        print(problem, file=sys.stderr)
    if outcome.problems and not valid_rows:
        return _say(f"{len(outcome.problems)} problems; nothing was imported", FAILED)
    for change in outcome.updated:
        print("\n".join(change.lines()))
    print(outcome)
    if outcome.problems:
        rows = len({problem.row for problem in outcome.problems})
        return _say(f"{len(outcome.problems)} problems; {rows} rows were left out", FAILED)
    return DONE


async def _export(config: Config, arguments: argparse.Namespace) -> int:
    from bot.app import opened
    from bot.clock import SystemClock
    from bot.collation import collate, export, material, tree
    from domain.calendar import Calendar
    from messages import Catalog
    from storage.files import FileStore

    year, folder = arguments.year, arguments.folder
    catalog, calendar = Catalog(config.timezone, config.locale), Calendar(config.timezone)
    office = material.Office(catalog, calendar, config.locale, SystemClock().now())
    async with opened(config) as database:
        files = FileStore(config.data_dir / "files")
        try:
            with _bar() as bar:
                done = await export.into_folder(database, files, office, year, folder, _in_mille(bar))
        except tree.Unfit as error:
            return _say(str(error), WRONG_USE)
        except collate.Empty:
            return _say(f"{year}: no base has entered anything; nothing was exported", FAILED)
        except OSError as error:
            return _say(f"{error.filename or folder}: {error.strerror}; nothing was exported", FAILED)
    for one in done.problems:
        print(f"{one.path}: {one.problem}", file=sys.stderr)
    print(f"{done.bases} bases, {len(done.written)} files, {done.size / 1e6:.1f} MB in {folder}")
    if done.problems:
        return _say(
            f"{len(done.problems)} files are not as they were recorded; manifest.json says which", FAILED
        )
    return DONE


def _in_mille(draw: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """A few bases may have much to copy: the bar is shown however few they are."""
    return lambda done, total: draw(20 * (50 * done // max(total, 1)), 1000)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal while something long is worked through; none in a log."""
    watched = sys.stderr.isatty()

    def draw(done: int, total: int) -> None:
        if watched and total >= LONG and done % 20 == 0:
            filled = "#" * (40 * done // total)
            print(f"\r[{filled:40}] {100 * done // total}%", end="", file=sys.stderr, flush=True)

    try:
        yield draw
    finally:
        if watched:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


async def _retention(config: Config, arguments: argparse.Namespace) -> int:
    from bot import retention
    from bot.app import opened
    from bot.clock import SystemClock
    from messages import Catalog
    from storage.files import FileStore

    catalog = Catalog(config.timezone, config.locale)
    async with opened(config) as database:
        files = FileStore(config.data_dir / "files")
        keeping = retention.Keeping(database, files, catalog, config.locale)
        applied = retention.apply(keeping, SystemClock().now(), dry_run=arguments.dry_run)
        async for kind, count in applied:
            print(f"{kind}: {count}")
    return DONE


async def _invite(config: Config, arguments: argparse.Namespace) -> int:
    from bot import invitations
    from bot.app import opened
    from bot.clock import SystemClock
    from domain.calendar import Calendar
    from domain.handover import HANDED_OVER

    if arguments.pending is not None:
        return await _invite_pending(config, arguments)
    if arguments.role is None or arguments.name is None:
        return _say("--role and --name: needed, or --pending OUT.xlsx", WRONG_USE)
    role = Role(arguments.role)
    if (role in BASE_ROLES) != (arguments.base is not None):
        return _say(f"--base: {'needed for' if role in BASE_ROLES else 'not for'} the role {role}", WRONG_USE)
    if arguments.handover and role not in HANDED_OVER:
        return _say(f"--handover: not for the role {role}", WRONG_USE)
    name, base, now = arguments.name, arguments.base, SystemClock().now()
    async with opened(config) as database:
        username = await invitations.bot_username(config, database)
        try:
            if arguments.handover:
                calendar = Calendar(config.timezone)
                code = await invitations.hand_over(database, calendar, role, name, base, now)
            else:
                code = await invitations.invite(database, role, name, base, now)
        except invitations.Unfit as error:
            return _say(str(error), WRONG_USE)
    if code is None:
        return _say(f"--base: there is no base {base}", WRONG_USE)
    print(invitations.link(username, code))
    return DONE


async def _invite_pending(config: Config, arguments: argparse.Namespace) -> int:
    from bot import invitations, pending
    from bot.app import opened
    from bot.clock import SystemClock
    from messages import Catalog

    if arguments.role or arguments.name or arguments.base or arguments.handover:
        return _say("--pending: goes without --role, --name and --base", WRONG_USE)
    catalog = Catalog(config.timezone, config.locale)
    async with opened(config) as database:
        username = await invitations.bot_username(config, database)
        sheet = pending.Sheet(username, catalog, ZoneInfo(config.timezone))
        try:
            with pending.reserved(arguments.pending, force=arguments.force) as file, _bar() as bar:
                count = await pending.invite(database, sheet, file, SystemClock().now(), bar)
        except FileExistsError:
            return _say(f"{arguments.pending}: File exists; --force overwrites", FAILED)
        except OSError as error:
            return _say(f"{arguments.pending}: {error.strerror}", FAILED)
    print(f"{count} invitations in {arguments.pending}; those given out before open nothing any more")
    return DONE


def _unavailable(error: Exception) -> int:
    """A database or a Telegram out of reach is one line; anything else is our fault and keeps its trace."""
    from storage.engine import Unavailable
    from storage.migrate import Incompatible

    if isinstance(error, Unavailable | Incompatible):
        return _say(str(error), FAILED)
    from bot.logs import describe

    return _say(f"failed: {describe(error)}", FAILED)


def _say(line: str, code: int) -> int:
    print(f"lianluo: {line}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()

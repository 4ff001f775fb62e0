"""Draws docs/pictures/console-*.png and mail.png from a real run of the demo; needs `chromium` on the path.

Run from the root of the checkout: `python -m docs.make_console_pictures`.
"""

from __future__ import annotations

import base64
import email
import email.policy
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from answerable.app.demo.show import show, visit

FOLDER = Path(__file__).parent / "pictures"
STYLE = Path(__file__).parents[1] / "console" / "static" / "desk.css"
WIDTHS = (1280, 390)
COLOURS = 256


def shoot(page: Path, width: int, to: Path) -> None:
    """Show a page in a browser of some width and keep what is not blank below."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "page.png")
        subprocess.run(  # noqa: S603 — our own page, a fixed program
            ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars",  # noqa: S607
             f"--window-size={max(width, 500)},3400", f"--screenshot={raw}", framed(page, width, folder).as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
        image = Image.open(raw).convert("RGB").crop((0, 0, width, 3400))
    blank = Image.new("RGB", image.size, image.getpixel((0, image.height - 1)))
    box = ImageChops.difference(image, blank).getbbox() or (0, 0, width, 1)
    cut = image.crop((0, 0, width, min(image.height, box[3] + 24)))
    cut.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(to, optimize=True)


def framed(page: Path, width: int, folder: str) -> Path:
    """Return a page that shows another one at a width below what a window can be."""
    frame = Path(folder, "frame.html")
    size = f'width="{width}" height="3400" frameborder="0"'
    frame.write_text(f'<body style="margin:0"><iframe src="{page.as_uri()}" {size}></iframe>', "utf-8")
    return frame


def styled(page: Path, folder: Path) -> Path:
    """Return a copy of a saved page that carries its style."""
    style = base64.b64encode(STYLE.read_bytes()).decode()
    copy = folder / page.name
    copy.write_text(
        page.read_text("utf-8").replace('href="/desk.css', f'href="data:text/css;base64,{style}" data-was="')
    )
    return copy


def mail_page(path: Path, folder: Path) -> Path:
    """Return the HTML part of a mail with its pictures in it."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("html",))
    html = body.get_content() if body else ""
    for part in message.walk():
        if part.get_content_type() == "image/png":
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{str(part['Content-ID']).strip('<>')}", f"data:image/png;base64,{data}")
    copy = folder / "mail.html"
    copy.write_text(html, "utf-8")
    return copy


def main() -> None:
    """Run the demo once and draw every page of it, and the mail about its most serious incident."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with show(work / "demo") as (shown, box):
            kept = visit(shown, box)
            first = box.stores.desk.entries()[0].update.incident
        for page in kept:
            name = page.stem.replace(f"incident-{first}", "incident")
            if not name.startswith("incident-"):
                for width in WIDTHS:
                    shoot(styled(page, work), width, FOLDER / f"console-{name}-{width}.png")
        mails = sorted((shown.folder / "mail").glob("*.eml"))
        about = next(mail for mail in mails if first in mail.read_text("ascii", "replace"))
        shoot(mail_page(about, work), 640, FOLDER / "mail.png")


if __name__ == "__main__":
    main()

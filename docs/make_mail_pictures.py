"""Draws docs/pictures/mail-*.png from the tests' invented example; needs `chromium` on the path.

Run from the root of the checkout: `python -m docs.make_mail_pictures`.
"""

from __future__ import annotations

import base64
import subprocess
import tempfile
from pathlib import Path

from msgspec.structs import replace
from PIL import Image, ImageChops

from alerts.alert import AlertKind
from alerts.mail import compose_alert, compose_digest
from answerable.incident import Level
from tests.alerts.mail import example
from tests.alerts.mail.reading import read

FOLDER = Path(__file__).parent / "pictures"
DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")
MARGIN, COLOURS = 24, 256


def pages() -> dict[str, bytes]:
    """Return the mails to show, by name."""
    unconfirmed = example.update("en")
    unconfirmed = replace(unconfirmed, components=replace(unconfirmed.components, danger=(("gas", 1),)))
    one = replace(
        example.alert("en"), kind=AlertKind.OPEN, level=Level.ORANGE, rule="danger", unconfirmed=True, clock=None,
        update=unconfirmed,
    )  # fmt: skip
    zh, en = example.person("zh"), example.person("en")
    return {
        "alert-zh": compose_alert(example.alert("zh"), zh, example.NAMES, example.LINKS),
        "alert-en": compose_alert(example.alert("en"), en, example.NAMES, example.LINKS),
        "unconfirmed-en": compose_alert(one, en, example.NAMES, example.LINKS),
        "digest-zh": compose_digest(example.digest("zh"), zh, example.NAMES, example.LINKS),
    }


def shoot(content: bytes, width: int, *, dark: bool, to: Path) -> None:
    """Show a mail in a browser of some width and keep what is not blank."""
    mail = read(content)
    html = mail.html
    for cid, data in mail.pictures.items():
        html = html.replace(f"cid:{cid}", f"data:image/png;base64,{base64.b64encode(data).decode()}")
    with tempfile.TemporaryDirectory() as folder:
        page, raw = Path(folder, "mail.html"), Path(folder, "mail.png")
        page.write_text(html, "utf-8")
        subprocess.run(  # noqa: S603 — our own page, a fixed program
            ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", *(DARK if dark else ()),  # noqa: S607
             f"--window-size={width},2600", f"--screenshot={raw}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
        image = Image.open(raw).convert("RGB")
    blank = Image.new("RGB", image.size, image.getpixel((0, image.height - 1)))
    box = ImageChops.difference(image, blank).getbbox()
    bottom = min(image.height, (box[3] if box else image.height) + MARGIN)
    image.crop((0, 0, width, bottom)).quantize(COLOURS, dither=Image.Dither.NONE).save(to, optimize=True)


def main() -> None:
    """Draw every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    shown = pages()
    for name, width, dark in (
        ("alert-zh", 640, False), ("alert-zh", 390, True), ("alert-en", 640, True), ("alert-en", 390, False),
        ("unconfirmed-en", 640, False), ("digest-zh", 640, False), ("digest-zh", 390, True),
    ):  # fmt: skip
        to = FOLDER / f"mail-{name}-{width}-{'dark' if dark else 'light'}.png"
        shoot(shown[name], width, dark=dark, to=to)
        print(to.name, to.stat().st_size)


if __name__ == "__main__":
    main()

"""Debian packages that are unpacked into our folder and never installed.

apt does the work with sources, lists and a cache of our own, so it checks Debian's signature
and every package's hash, and the system's own packages stay as they are. None of it needs root.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import settings, ui

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ADVICE = "Is the network up, and does this machine reach a Debian mirror?"


def unpack(suite: str, packages: list[str], target: Path, title: str, *, closure=False) -> None:
    """Download packages of a Debian suite and unpack them into a folder.

    :param target: an existing folder
    :param closure: take all they depend on too, down to the C library
    """
    name = f"debian-{target.name}"
    apt = settings.CACHE / name
    debs = apt / "archives"
    options = _options(suite, apt)
    log = settings.LOGS / f"{name}.log"
    ui.run_logged(
        f"Reading Debian's package list ({suite})",
        ["apt-get", *options, "update"],
        log,
        advice=ADVICE,
    )
    if closure:
        how = ["install", "--yes", "--download-only", "--no-install-recommends"]
    else:
        how = ["download"]
    ui.run_logged(
        title,
        ["apt-get", *options, *how, *packages],
        log,
        cwd=debs,
        detail=ui.folder_size(debs),
        advice=ADVICE,
    )
    script = 'for deb in "$1"/*.deb; do dpkg-deb --extract "$deb" "$2" || exit 1; done'
    ui.run_logged(
        "Unpacking",
        ["sh", "-c", script, "unpack", debs, target],
        log,
    )
    shutil.rmtree(apt)


def system_offers(package: str) -> bool:
    """Whether this system's own apt could install a package."""
    policy = subprocess.run(
        ["apt-cache", "policy", package],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    candidate = re.search(r"Candidate: (\S+)", policy.stdout)
    return bool(candidate and candidate[1] != "(none)")


def has_lists() -> bool:
    """Whether this system's apt has read its package lists; without them it offers nothing."""
    return any(Path("/var/lib/apt/lists").glob("*Packages*"))


def _options(suite: str, folder: Path) -> list[str]:
    """Options for an apt that uses one folder and one suite, and believes nothing installed."""
    sources = folder / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    for path in (sources, folder / "lists" / "partial", folder / "archives" / "partial"):
        path.mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    (sources / "debian.sources").write_text(source_entry(suite))
    options = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": sources,
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State": folder,
        "Dir::State::Lists": folder / "lists",
        "Dir::State::Status": folder / "status",
        "Dir::Cache": folder,
        "Debug::NoLocking": "true",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
        # A container image's apt may be set to throw downloads away.
        "Binary::apt::APT::Keep-Downloaded-Packages": "true",
        "APT::Keep-Downloaded-Packages": "true",
        "DPkg::Post-Invoke": "",
        "APT::Update::Post-Invoke": "",
    }
    if ui.is_root():
        # The user apt downloads as need not be able to enter the folder of this clone.
        options["APT::Sandbox::User"] = "root"
    return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]


def source_entry(suite: str) -> str:
    """An apt source for a suite: this machine's own Debian entry with the suite replaced.

    :raise ui.DevError: this machine has no Debian entry (it may be Ubuntu)
    """
    if mirror := settings.env("DEBIAN_MIRROR"):
        return _stanza(mirror, suite, str(KEYRING) if KEYRING.exists() else "")
    for uri, signed_by in _system_sources():
        if re.search(r"/debian/?$", uri):
            return _stanza(uri, suite, signed_by)
    raise ui.DevError(
        "This machine's apt has no Debian mirror to take packages from. Either\n"
        "    set ODOO_HOME=/path/to/odoo to use an Odoo 19 you have already, or\n"
        "    install the package debian-archive-keyring and set DEBIAN_MIRROR to the address\n"
        "    of a Debian mirror, the one that ends in /debian."
    )


def _stanza(uri: str, suite: str, signed_by: str) -> str:
    lines = ["Types: deb", f"URIs: {uri}", f"Suites: {suite}", "Components: main"]
    if signed_by:
        lines.append(f"Signed-By: {signed_by}")
    return "\n".join(lines) + "\n"


def _system_sources() -> Iterator[tuple[str, str]]:
    """Every package source of this machine: its address and the keyring it names, if any."""
    apt = Path("/etc/apt")
    for path in sorted((apt / "sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            yield from _deb822_sources(stanza)
    for path in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.list"))]:
        if path.exists():
            yield from _one_line_sources(path.read_text())


def _deb822_sources(stanza: str) -> Iterator[tuple[str, str]]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace():
            fields[name] = f"{fields.get(name, '')}\n{line}"
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.lower()
            fields[name] = value.strip()
    if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
        return
    for uri in fields.get("uris", "").split():
        yield uri, fields.get("signed-by", "")


def _one_line_sources(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = re.match(r"deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+\S+", line.strip())
        if match:
            signed = re.search(r"signed-by=(\S+)", match[1] or "")
            yield match[2], signed[1] if signed else ""

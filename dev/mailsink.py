"""A mail server that delivers nothing: it puts every mail into a folder for a person to read.

The demo sends its mails here, so nothing ever reaches the outside.
"""

import email
import email.policy
import socket
import socketserver
import sys
import time
from pathlib import Path


class Session(socketserver.StreamRequestHandler):
    """One connection, with just enough SMTP for Python's smtplib."""

    def handle(self) -> None:
        self.reply("220 mail sink")
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"QUIT":
                self.reply("221 bye")
                return
            if command == b"DATA":
                self.reply("354 go on")
                self.server.keep(self.read_message())
            self.reply("250 ok")

    def reply(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def read_message(self) -> bytes:
        """Lines up to a lone dot; a leading dot is doubled on the way."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b".\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, listener: socket.socket, folder: Path) -> None:
        """Take over a socket that listens already."""
        super().__init__(listener.getsockname(), Session, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.folder = folder

    def keep(self, message: bytes) -> None:
        """Write a mail under its time, so that a listing is in the order of sending."""
        stamp = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000_000:09d}"
        new = self.folder / f"{stamp}.new"
        new.write_bytes(message)
        new.rename(self.folder / f"{stamp}.eml")


def listing(folder: Path) -> list[str]:
    """One line for each mail kept: when, to whom, subject, attachments, file."""
    lines = []
    for path in sorted(folder.glob("*.eml")):
        with path.open("rb") as handle:
            message = email.message_from_binary_file(handle, policy=email.policy.default)
        attached = [part.get_filename() or "?" for part in message.iter_attachments()]
        extra = f" [{', '.join(attached)}]" if attached else ""
        when = f"{path.stem[9:11]}:{path.stem[11:13]}:{path.stem[13:15]}"
        lines.append(f"{when}  {message['to']}: {message['subject']}{extra}\n          {path}")
    return lines


if __name__ == "__main__":
    place = Path(sys.argv[2])
    place.mkdir(parents=True, exist_ok=True)
    Sink(socket.socket(fileno=int(sys.argv[1])), place).serve_forever()

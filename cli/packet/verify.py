"""Verify an evidence packet of tally: 核验考核分数证据包.

Needs Python's standard library alone (3.8 or newer; Python 3.8 或更高版本), no network:

    python -I -S verify.py                     in the unpacked folder (在解压后的文件夹里)
    python -I -S verify.py PACKET.zip          the packet as it came (核验压缩包本身)
    python -I -S verify.py PACKET --key KEY    with the office's public key, as you know it from
                                               elsewhere (用另行取得的公钥核对): a file or a text

It proves every link from the office's key to the points and adds the points up again. Exit status:
0 if everything is proved, 1 if something is wrong, 2 for wrong usage. A packet in which somebody
replaced both this file and the key can say anything: get this file from the program's source, and
compare the key with the office (--key).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import struct
import sys
import zlib
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

MANIFEST, PUBLIC, PROOF, SIGNATURES = "manifest.txt", "public.key", "proof.json", "signatures.json"
FORMAT, MEASURE, MAIN = "tally.packet/1", "measure/", "explanation.json"
Files = Dict[str, bytes]
Json = Dict[str, Any]


class ProofError(Exception):
    """Something is not proved; the message is in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


# Ed25519 (RFC 8032)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = Tuple[int, int, int, int]
"""Extended homogeneous coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x y = T/Z (RFC 8032 5.1.4)."""
NEUTRAL: Point = (0, 1, 1, 0)


def decode_point(data: bytes) -> Optional[Point]:
    """Decode a point; None if there is none (RFC 8032 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if len(data) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def encode_point(point: Point) -> bytes:
    """Encode a point (RFC 8032 5.1.2)."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def add_points(one: Point, other: Point) -> Point:
    """Add two points (RFC 8032 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


class Multiples:
    """The multiples 0 to 15 of a point times each power of 16: a product is 64 additions."""

    def __init__(self, point: Point) -> None:
        self.rows: List[List[Point]] = []
        for _ in range(64):
            row = [NEUTRAL]
            for _ in range(15):
                row.append(add_points(row[-1], point))
            self.rows.append(row)
            point = add_points(row[-1], point)

    def times(self, scalar: int) -> Point:
        """Multiply by a scalar below 2^256."""
        found = NEUTRAL
        for row in self.rows:
            found, scalar = add_points(found, row[scalar & 15]), scalar >> 4
        return found


KEPT: Dict[bytes, Multiples] = {}
"""By public key, the multiples of its negative; under b"" those of the base point."""


def multiples_of(public: bytes) -> Optional[Multiples]:
    """Return the multiples of a key's negative point, made once; None if it is no point."""
    if public not in KEPT:
        if not public:
            base = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
            assert base is not None
            KEPT[public] = Multiples(base)
        else:
            point = decode_point(public)
            if point is None:
                return None
            KEPT[public] = Multiples((P - point[0], point[1], point[2], P - point[3]))
    return KEPT[public]


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a key signed a message: R = S B - h A, byte for byte (RFC 8032 5.1.7)."""
    if len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    base, negative = multiples_of(b""), multiples_of(public)
    if s >= L or base is None or negative is None:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return encode_point(add_points(base.times(s), negative.times(h))) == signature[:32]


# The Merkle tree (RFC 6962, RFC 9162)


class Event(NamedTuple):
    """An event of the ledger as it is stored, with its state parsed."""

    position: int
    id: str
    version: int
    topic: str
    state: bytes
    data: Json


def leaf_hash(event: Event) -> bytes:
    """Return SHA-256(0x00 || leaf) (RFC 6962 2.1); the leaf has all columns with their lengths."""
    name, topic, state = event.id.encode(), event.topic.encode(), event.state
    version = event.version % 2**64
    head = struct.pack(">QQI", event.position, version, len(name)) + name
    rest = struct.pack(">I", len(topic)) + topic + struct.pack(">I", len(state)) + state
    return hashlib.sha256(b"\0tally.event/1\0" + head + rest).digest()


def root_by_path(leaf: bytes, index: int, size: int, path: List[bytes]) -> Optional[bytes]:
    """Return the root that an inclusion proof leads to; None if it fits no tree (RFC 9162 2.1.3.2).

    Args:
        leaf: hash of the leaf.
        index: its place, from 0.
        size: leaves of the tree.
        path: hashes of the siblings, from the leaf up.
    """
    if not 0 <= index < size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\1" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\1" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


# Signed notes (c2sp.org/signed-note) and checkpoints (c2sp.org/tlog-checkpoint)


class Key(NamedTuple):
    """A public key of signed notes."""

    name: str
    id: bytes
    public: bytes
    text: str


def from_base64(text: str, length: Optional[int] = None) -> bytes:
    """Decode base64 in its one canonical form (RFC 4648 4, 3.5)."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        data = b""
    if not data or base64.b64encode(data).decode() != text or length not in (None, len(data)):
        raise ProofError("不是规范的 base64", "this is not canonical base64")
    return data


def parse_key(text: str) -> Key:
    """Parse a verifier key: name+id+base64(0x01 || key); the id is that of name and key."""
    name, _, rest = text.partition("+")
    shown, _, encoded = rest.partition("+")
    data = from_base64(encoded, 33)
    key_id = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if data[:1] != b"\1" or key_id.hex() != shown or not name:
        raise ProofError("不是 Ed25519 公钥", "this is not a public key of Ed25519")
    return Key(name, key_id, data[1:], text)


def parse_keys(data: bytes) -> List[Key]:
    """Parse a file of public keys, one a line, the newest first."""
    found = [parse_key(line.strip()) for line in data.decode().split("\n") if line.strip()]
    if not found:
        raise ProofError("没有公钥", "there is no public key")
    return found


def open_note(note: str, keys: List[Key]) -> Tuple[str, Key]:
    """Return the text of a note with exactly one signature, and the known key that made it."""
    text, blank, line = note.rpartition("\n\n")
    found = re.fullmatch("— ([^ +\n]+) ([A-Za-z0-9+/=]+)\n", line)
    if not blank or found is None:
        raise ProofError("签名格式不对", "it is not a note with one signature")
    data = from_base64(found[2], 68)
    for key in keys:
        if (key.name, key.id) == (found[1], data[:4]):
            if ed25519_verifies(key.public, (text + "\n").encode(), data[4:]):
                return text + "\n", key
            raise ProofError("签名不符", "the signature is wrong: the text was changed")
    raise ProofError("签名所用密钥不明", "it is signed by an unknown key")


# The packet: a manifest that is signed, and files in one canonical zip


def zip_of(files: Iterable[Tuple[str, bytes]]) -> bytes:
    """Return the one zip of some files: stored, in their order, dated 1980-01-01 (APPNOTE 4.3)."""
    body, central, count = bytearray(), bytearray(), 0
    for name, data in files:
        encoded = name.encode()
        about = struct.pack("<HHHHHIIIHH", 20, 0x800, 0, 0, 0x21, zlib.crc32(data), len(data),
                            len(data), len(encoded), 0)  # fmt: skip
        central += b"PK\1\2" + struct.pack("<H", 20) + about
        central += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + encoded
        body += b"PK\3\4" + about + encoded + data
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(body), 0)
    return bytes(body + central + b"PK\5\6" + end)


def files_of_zip(data: bytes) -> Files:
    """Return the files of a packet, whose every byte must be as `zip_of` writes it."""
    files: Files = {}
    at = 0
    while data[at : at + 4] == b"PK\3\4" and len(data) >= at + 30:
        size, length = struct.unpack("<IH", data[at + 22 : at + 28])
        begin = at + 30 + length
        files[data[at + 30 : begin].decode()] = data[begin : begin + size]
        at = begin + size
    if zip_of(files.items()) != data:
        raise ProofError("压缩包有改动或已重新打包", "the zip was changed or packed anew")
    return files


def files_of_folder(folder: str) -> Files:
    """Return the files of an unpacked packet, by path with slashes."""
    files: Files = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, folder).replace(os.sep, "/")] = file.read()
    return files


class Manifest(NamedTuple):
    """What the office signed of a packet."""

    unit: str
    period: str
    position: int
    files: Dict[str, Tuple[str, int]]
    """By name, in the order of the zip: SHA-256 and size."""


def manifest_text(about: Tuple[str, str, int], files: Iterable[Tuple[str, bytes]]) -> str:
    """Return the text that is signed: format, unit, period, position, then a line a file."""
    lines = [FORMAT, about[0], about[1], str(about[2])]
    lines += [f"{hashlib.sha256(data).hexdigest()}  {len(data)}  {name}" for name, data in files]
    return "".join(f"{line}\n" for line in lines)


def parse_manifest(text: str) -> Manifest:
    """Parse a manifest."""
    form, unit, period, position, *lines = text[:-1].split("\n")
    if form != FORMAT:
        raise ProofError("不是本程序认识的清单", f"the manifest is not of the format {FORMAT}")
    files = {}
    for line in lines:
        digest, size, name = line.split("  ", 2)
        files[name] = digest, int(size)
    return Manifest(unit, period, int(position), files)


def check_files(files: Files, manifest: Manifest, *, zipped: bool) -> None:
    """Compare every file with the manifest: none is missing, none is added."""
    expected = [MANIFEST, *manifest.files]
    missing = [name for name in expected if name not in files]
    added = [name for name in files if name not in expected]
    if missing or added or (zipped and list(files) != expected):
        raise ProofError(
            f"文件多出或缺少：{missing + added}",
            f"missing or not of the packet: {', '.join(missing + added)}",
        )
    for name, (digest, size) in manifest.files.items():
        if len(files[name]) != size or hashlib.sha256(files[name]).hexdigest() != digest:
            raise ProofError(f"{name} 有改动", f"{name} was changed")


# The events and their proofs


def read_events(proof: Json, root: bytes, size: int) -> List[Event]:
    """Return the events, each proved to be at its position in the tree of the checkpoint."""
    events: List[Event] = []
    for one in proof["events"]:
        state = one["state"].encode()
        event = Event(one["position"], one["id"], one["version"], one["topic"], state,
                      json.loads(state))  # fmt: skip
        path = [from_base64(step, 32) for step in one["path"]]
        if root_by_path(leaf_hash(event), event.position - 1, size, path) != root:
            raise ProofError(
                f"序号 {event.position}（{event.id}）不在台账中",
                f"the event at position {event.position} ({event.id}) is not in the ledger",
            )
        if events and events[-1].position >= event.position:
            raise ProofError("事件次序不对", "the events are not in the order of their positions")
        events.append(event)
    return events


def parse_checkpoint(text: str) -> Tuple[str, int, bytes]:
    """Return origin, size and root of a checkpoint."""
    origin, size, root = text.split("\n")[:3]
    return origin, int(size), from_base64(root, 32)


class Entry:
    """An entry with what happened to it up to the packet's position."""

    def __init__(self, event: Event) -> None:
        self.recorded, self.entry = event, event.data["entry"]
        self.verified: Optional[Event] = None
        self.reversed: Optional[Event] = None


class Ledger:
    """What the events say, as far as they are in the packet."""

    def __init__(self, events: List[Event], position: int) -> None:
        self.entries: Dict[str, Entry] = {}
        self.streams: Dict[str, List[Event]] = {}
        for event in events:
            self.streams.setdefault(event.id, []).append(event)
            if event.position > position:
                if event.topic != "tally.AppendSigned":
                    raise ProofError(
                        "有晚于截止序号的事件", "an event is later than the packet's position"
                    )
            elif event.topic.endswith("Recorded") and "entry" in event.data:
                if event.data["entry"]["id"] != event.id:
                    raise ProofError(f"{event.id} 编号不符", f"{event.id} holds another entry")
                self.entries[event.id] = Entry(event)
            elif event.topic == "tally.EntryVerified" and event.id in self.entries:
                self.entries[event.id].verified = event
            elif event.topic == "tally.EntryReversed":
                self.entries[event.id].reversed = event

    def counts(self, name: str) -> bool:
        """Return whether an entry counts: verified, and not taken back by a verified reversal."""
        known = self.entries.get(name)
        if known is None or known.verified is None:
            return False
        if known.reversed is None:
            return True
        by = self.entries.get(known.reversed.data["by_entry"])
        if by is None:
            raise ProofError(f"缺少 {name} 的冲销", f"the reversal of {name} is not in the packet")
        return by.verified is None

    def family(self, name: str) -> List[str]:
        """Return an entry with those that it replaces or that replace it, in any steps."""
        found = [name]
        for one in found:
            for other, known in self.entries.items():
                pair = {other, known.entry.get("replaces")}
                if one in pair:
                    found += [two for two in pair if two is not None and two not in found]
        return found

    def in_force(self, name: str, made: str, withdrawn: str) -> Tuple[int, Optional[Event]]:
        """Return number and event of the edition or adoption in force of a stream; 0 for none."""
        made_at: List[Tuple[Event, List[bool]]] = []
        for event in self.streams.get(name, ()):
            number = event.data.get("edition", len(made_at))
            if event.topic == made:
                founded = event.data.get("founding", False)
                at_once = (
                    founded if made == "tally.MeasureAdopted" else not event.data.get("to_verify")
                )
                made_at.append((event, [bool(at_once), False]))
            elif event.topic == withdrawn:
                made_at[number - 1][1][1] = True
            elif event.topic in ("tally.EntryVerified", "tally.EditionVerified"):
                made_at[number - 1][1][0] = True
        for number, (event, (verified, gone)) in reversed([*enumerate(made_at, 1)]):
            if verified and not gone:
                return number, event
        return 0, None


# Accounts and their signatures (docs/accounts.md)


class Account:
    """An account as of some position."""

    def __init__(self, data: Json) -> None:
        self.name, self.role, self.public = data["name"], data["role"], data["public"]
        self.unit, self.closed = data.get("unit"), False


class Signed(NamedTuple):
    """Who signed the append in which an event is."""

    account: str
    public: str


VERIFYING = ("tally.EntryVerified", "tally.EditionVerified", "tally.EntryReturned")
OF_ACCOUNTS = ("tally.AccountOpened", "tally.AccountClosed", "tally.AccountKeyReset")


def may(account: Account, event: Event) -> bool:
    """Return whether an account may append an event, by its role and under its name."""
    allowed = account.role in ("verifier", "clerk")
    if event.topic in VERIFYING + OF_ACCOUNTS:
        allowed = account.role == "verifier"
    elif event.topic == "tally.ObjectionRaised" and account.role == "unit":
        allowed = event.data["unit"] == account.unit
    return allowed and event.data["by"] == account.name


def check_append(signature: Event, leaves: List[bytes], account: Account) -> None:
    """Verify the signature of an append by an account (Ed25519, RFC 8032 5.1.7)."""
    one = signature.data
    digest = hashlib.sha256(b"".join(leaves)).hexdigest()
    lines = [
        "tally.append/1",
        one["first"],
        one["rows"],
        one["at"],
        one["by"],
        one["before"],
        digest,
    ]
    text = "".join(f"{line}\n" for line in lines).encode()
    public = bytes.fromhex(account.public)
    valid = (
        len(leaves) == one["rows"]
        and signature.position == one["first"] + one["rows"]
        and one["key"] == hashlib.sha256(public).hexdigest()[:16]
        and ed25519_verifies(public, text, bytes.fromhex(one["signature"]))
    )
    if account.closed or account.name != one["by"] or not valid:
        raise ProofError(
            f"序号 {one['first']} 起的签名不符（{account.name}）",
            f"the signature of {account.name} of the events from {one['first']} is wrong",
        )


class Signatures:
    """Verifies the signature of every event from the first account on."""

    def __init__(self, events: List[Event]) -> None:
        self._by_position = {event.position: event for event in events}
        self._own = [event for event in events if event.topic != "tally.AppendSigned"]
        of_accounts = [one.position for one in self._own if one.id.startswith("account:")]
        self._first = min(of_accounts, default=None)
        verified = {one.id for one in self._own if one.topic == "tally.EntryVerified"}
        self._aside = {
            one.data["position"]
            for one in self._own
            if one.topic == "tally.RowSetAside" and one.id in verified
        }
        self._accounts: Dict[str, Account] = {}
        self.signed: Dict[int, Signed] = {}
        """By position who signed."""
        self.unproved: List[int] = []
        """Positions that a damaged row, which was set aside, leaves without proof."""

    def check(self, appends: List[Json]) -> None:
        """Verify the appends, in the order of the ledger; none may lack."""
        if self._first is None:
            return
        positions = [one["signature"] for one in appends]
        if positions != sorted(set(positions)):
            raise ProofError("签名次序不对", "the signatures are not in the order of the ledger")
        for append in appends:
            self._append(self._by_position[append["signature"]], append["leaves"])
        proved = {*self.signed, *self.unproved, *self._aside}
        lacking = [one.position for one in self._own if one.position >= self._first]
        lacking = [one for one in lacking if one not in proved]
        if lacking:
            raise ProofError(
                f"序号 {lacking} 没有账户签名", f"no account signed the events at {lacking}"
            )

    def _append(self, signature: Event, encoded: List[str]) -> None:
        """Verify one append: its leaves, its account, and what that account may do."""
        start, rows = signature.data["first"], signature.data["rows"]
        leaves = [from_base64(one, 32) for one in encoded]
        places = range(start, start + len(leaves))
        inside = [self._by_position[one] for one in places if one in self._by_position]
        if any(leaves[one.position - start] != leaf_hash(one) for one in inside):
            raise ProofError("签名的不是这些事件", f"other events were signed from {start} on")
        changes = [one for one in inside if one.id.startswith("account:")]
        if changes and rows != 1:
            raise ProofError("账户的登记未单独签名", "an account was not signed for by itself")
        if changes and changes[0].position == self._first:
            change_account(self._accounts, changes[0])
        by = signature.data["by"]
        account = next((one for one in self._accounts.values() if one.name == by), None)
        if account is None:
            raise ProofError("签名人没有账户", f"{by}, who signed from {start} on, has no account")
        if self._aside & {*places, signature.position}:
            self.unproved += [one.position for one in inside]
            return
        check_append(signature, leaves, account)
        for event in inside:
            if not may(account, event):
                raise ProofError(
                    f"{account.name} 无权登记序号 {event.position}",
                    f"{account.name} may not append the event at position {event.position}",
                )
            self.signed[event.position] = Signed(account.name, account.public)
        for event in changes:
            change_account(self._accounts, event)


def change_account(accounts: Dict[str, Account], event: Event) -> None:
    """Apply what happened to an account."""
    if event.topic == "tally.AccountOpened":
        accounts.setdefault(event.id, Account(event.data))
    elif event.topic == "tally.AccountClosed":
        accounts[event.id].closed = True
    else:
        accounts[event.id].public = event.data["public"]


# TOML 1.0 (toml.io), as far as measures are written in it; Pythons before 3.11 cannot read it

ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class Toml:
    """A reader of one text."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text.replace("\r\n", "\n"), 0

    def read(self) -> Json:
        """Return the tables of the text; numbers with a fraction are exact, days are texts."""
        root: Json = {}
        table = root
        while self._skip(r"(\s|#[^\n]*)*") and self._at < len(self._text):
            if self._take("[["):
                *above, key = self._keys("]]")
                table = {}
                within(root, above).setdefault(key, []).append(table)
            elif self._take("["):
                table = within(root, self._keys("]"))
            else:
                self._pair(table)
            self._skip(r"[ \t]*(#[^\n]*)?(\n|$)")
        return root

    def _skip(self, pattern: str) -> "re.Match[str]":
        """Go on behind what a pattern matches, which must be here."""
        found = re.compile(pattern).match(self._text, self._at)
        if found is None:
            line = self._text.count("\n", 0, self._at) + 1
            raise ProofError(
                f"TOML 第 {line} 行读不懂", f"line {line} of a TOML file is not understood"
            )
        self._at = found.end()
        return found

    def _take(self, sign: str) -> bool:
        """Go on behind a sign if it is here; return whether it is."""
        here = self._text.startswith(sign, self._at)
        self._at += len(sign) if here else 0
        return here

    def _keys(self, end: str) -> List[str]:
        """Return a dotted key, and go on behind what ends it."""
        found: List[str] = []
        while True:
            self._skip(r"[ \t]*")
            quoted = self._text[self._at : self._at + 1] in ('"', "'")
            found.append(self._string() if quoted else self._skip(r"[A-Za-z0-9_-]+")[0])
            self._skip(r"[ \t]*")
            if self._take(end):
                return found
            self._skip(r"\.")

    def _pair(self, table: Json) -> None:
        *above, key = self._keys("=")
        within(table, above)[key] = self._value()

    def _value(self) -> Any:
        self._skip(r"[ \t]*")
        if self._text[self._at : self._at + 1] in ('"', "'"):
            return self._string()
        if self._take("["):
            return self._items("]", [])
        if self._take("{"):
            return self._items("}", {})
        word = self._skip(r"[^\s,\]}#]+")[0]
        if word in ("true", "false"):
            return word == "true"
        if re.fullmatch(r"[+-]?\d[\d_]*", word):
            return int(word)
        number_like = re.fullmatch(r"[+-]?\d[\d_]*(\.[\d_]+)?([eE][+-]?\d+)?", word)
        return Decimal(word.replace("_", "")) if number_like else word

    def _items(self, end: str, found: Any) -> Any:
        """Return the items of an array or of an inline table."""
        space = r"(\s|#[^\n]*)*"
        self._skip(space)
        while not self._take(end):
            if isinstance(found, dict):
                self._pair(found)
            else:
                found.append(self._value())
            self._skip(space)
            if not self._take(","):
                self._skip(re.escape(end))
                break
            self._skip(space)
        return found

    def _string(self) -> str:
        """Return a text: basic or literal, of one line or several."""
        for quote in ('"""', "'''", '"', "'"):
            if self._take(quote):
                break
        if len(quote) > 1:
            self._skip(r"\n?")
        plain = r"[^\n]" if len(quote) == 1 else r"[\s\S]"
        literal = quote[0] == "'"
        inner = rf"(?:(?!{quote}){plain})*" if literal else rf"(?:\\{plain}|(?!{quote}|\\){plain})*"
        text = self._skip(rf"({inner}){quote}")[1]
        return text if literal else re.sub(r"\\(\s*\n\s*|u.{4}|U.{8}|.)", unescaped, text)


def unescaped(found: "re.Match[str]") -> str:
    """Return the character that an escape stands for."""
    sign = found[1]
    if sign[0] in "uU" and len(sign) > 1:
        return chr(int(sign[1:], 16))
    return "" if sign.isspace() else ESCAPES[sign]


def within(table: Json, keys: List[str]) -> Json:
    """Return the table under some keys, made where it is missing; of an array its last one."""
    for key in keys:
        found = table.setdefault(key, {})
        table = found[-1] if isinstance(found, list) else found
    return table


# The measure: sections, clauses, bounds, amounts


def number(value: Any) -> Decimal:
    """Return a number of a measure or an explanation, exactly."""
    return Decimal(str(value))


def folded(text: Any) -> str:
    """Return a value of a reading to compare it by, as rulings may spell it."""
    said = "true" if text is True else "false" if text is False else str(text)
    return re.sub("_+", "_", re.sub("[–—−\\-, ]", "_", said.strip()).replace("’", "'").casefold())


class Measure:
    """A measure's folder, as far as points are added up by it."""

    def __init__(self, content: Dict[str, str]) -> None:
        read = {
            name: Toml(text).read()
            for name, text in content.items()
            if name == "measure.toml" or name.startswith("clauses/")
        }
        head = read.pop("measure.toml")
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.sha256 = hashlib.sha256(canonical.encode()).hexdigest()
        self.id: str = head["measure"]["id"]
        self.unit: Json = head["measure"].get("counted_in", {"zh": "分", "en": "points"})
        self.sections = {one["slug"]: one for one in head["section"]}
        self.total, self.scales = head["total"]["slug"], head.get("scale", [])
        self.clauses = {one["slug"]: one for name in sorted(read) for one in read[name]["clause"]}
        self.amounts = [one for clause in self.clauses.values() for one in clause.get("amount", [])]
        self.readings = {
            one["name"]: one
            for part in [head, *self.clauses.values()]
            for one in part.get("reading", [])
        }
        self.chosen: Dict[str, str] = {name: one["default"] for name, one in self.readings.items()}

    def rule(self, name: str, value: Any) -> None:
        """Put the value of a ruling in force."""
        for reading in self.readings.values():
            if name == reading["name"] or name in reading.get("former", []):
                named = [
                    one["value"]
                    for one in reading["value"]
                    if folded(value) in map(folded, [one["value"], *one.get("aliases", [])])
                ]
                self.chosen[reading["name"]] = named[0] if named else str(value).strip()

    def bound(self, value: Any) -> Optional[Decimal]:
        """Return a bound, which a reading may decide; None if there is none."""
        if isinstance(value, dict):
            chosen: Any = self.chosen[value["reading"]]
            value = value["is"].get(chosen) if "is" in value else chosen
        try:
            return None if value is None else number(value)
        except ArithmeticError:
            return None

    def within(self, points: Decimal, part: Json) -> Decimal:
        """Return points within the floor and the cap of a clause or a section."""
        floor, cap = self.bound(part.get("floor")), self.bound(part.get("cap"))
        if floor is not None and points < floor:
            return floor
        return cap if cap is not None and points > cap else points

    def opening(self, *of: str) -> Decimal:
        """Return the points that the sections of a period or of the year open with."""
        return sum((number(one.get("opening", 0)) for one in self.sections.values()
                    if one["of"] in of), Decimal(0))  # fmt: skip

    def section_under(self, slug: str) -> Json:
        """Return the section of a posting: its clause's, or the section that it adjusts."""
        found: Json = self.sections[self.clauses[slug]["section"] if slug in self.clauses else slug]
        return found

    def check_line(self, line: Json) -> None:
        """Compare a posting with the measure: sentence, citation, and every amount applied."""
        part = self.clauses.get(line["clause"]) or self.sections[line["clause"]]
        sentence = part.get("sentence", {}).get("zh") or part.get("quote") or part.get("paraphrase")
        if line["citation"] != part["citation"] or line["text"] != (
            sentence or part["title"]["zh"]
        ):
            raise ProofError(
                f"{line['clause']} 引文与办法不符", f"{line['clause']} is cited wrongly"
            )
        for read in line["read"]:
            if not any(is_amount(read, one) for one in self.amounts):
                raise ProofError(
                    f"办法中没有这一标准：{read['states']}（{read['citation']}）",
                    f"the measure has no amount {read['states']} ({read['citation']})",
                )


QUANTITIES = (
    "points",
    "factor",
    "count",
    "minutes",
    "headcount",
    "days",
    "months",
    "percent",
    "flag",
)


def is_amount(read: Json, stated: Json) -> bool:
    """Return whether an amount of an explanation is one that the measure states."""
    said = stated.get("quote") or stated.get("paraphrase") or ""
    if (read["of"], read["citation"], read["quote"]) != (stated["of"], stated["citation"], said):
        return False
    names = QUANTITIES
    return all(
        str(read.get(name)) == str(stated.get(name))
        for name in names
        if not isinstance(stated.get(name), dict)
    )


# The points


SCALED = re.compile(r"(\S+) × (\S+) / (\S+)")
CARRIED, NOT_FOR = "carried forward as published", "the clause is not for this unit"


def total(lines: Iterable[Json]) -> Decimal:
    """Add up points, exactly."""
    with localcontext() as context:
        context.prec = 100
        return sum((number(one["points"]) for one in lines), Decimal(0))


def check_clauses(measure: Measure, lines: List[Json]) -> None:
    """Check the bounds of each clause's sum, with the clauses that are bounded together with it."""
    for slug, clause in measure.clauses.items():
        together = {slug, *clause.get("together_with", [])}
        own = [one for one in lines if one["clause"] in together]
        points = total(own)
        applies = any(one["clause"] == slug and one["working"] != NOT_FOR for one in own)
        if applies and measure.within(points, clause) != points:
            raise ProofError(f"{slug} 超出上下限：{points}", f"{slug} is out of bounds: {points}")


def check_section(measure: Measure, section: Json, lines: List[Json], *, whole: bool) -> Decimal:
    """Return the points of a section: opening, clauses, bounds, weight, scaling.

    Args:
        measure: the measure.
        section: the section.
        lines: its postings.
        whole: whether it is added up whole; of what is beside a period not: its bounds and opening
            points are of the year.
    """
    slug, opening = section["slug"], number(section.get("opening", 0)) if whole else Decimal(0)
    own = [one for one in lines if one["clause"] == slug]
    scaled = [one for one in own if SCALED.fullmatch(one["working"])]
    carried = [one for one in own if one["working"].startswith(CARRIED)]
    ranks = {name for name, clause in measure.clauses.items() if clause["kind"] == "rank"}
    by_place = [one for one in lines if one["clause"] in ranks]
    clauses = [one for one in lines if one["clause"] not in {slug, *ranks}]
    points = opening + total(lines)
    if carried and section["of"] == "period":
        return points
    with localcontext() as context:
        context.prec = 100
        before = opening + total(clauses) + total(carried)
        bounded = measure.within(before, section) if whole else before
        weight = number(section.get("weight", 1))
        expected = total(carried) + (bounded - total(carried)) * weight
    if expected != points - total([*scaled, *by_place]):
        raise ProofError(
            f"{section['title']['zh']} 应为 {expected}，写作 {points}",
            f"{section['title']['en']} is {expected}, not {points}",
        )
    for one in scaled:
        found = SCALED.fullmatch(one["working"])
        assert found is not None
        given, *ratio = map(Decimal, found.groups())
        scales = [two for two in measure.scales
                  if [number(two["out_of"]), number(two["attainable"])] == ratio]  # fmt: skip
        if not scales:
            raise ProofError("办法中没有这一折算", f"the measure has no scale {one['working']}")
        with localcontext() as context:
            context.prec = 60
            unit = Decimal(1).scaleb(-int(scales[0].get("places", 2)))
            result = (given * ratio[0] / ratio[1]).quantize(unit, ROUND_HALF_UP)
        if result - given != number(one["points"]):
            raise ProofError("折算有误", f"the scaling {one['working']} is wrong")
    return points


def check_sums(measure: Measure, found: Json, periods: Dict[str, Json]) -> Dict[str, Decimal]:
    """Add an explanation up: postings, clauses within their bounds, sections, the closing points.

    Args:
        measure: the measure.
        found: the explanation of a period, or of a year.
        periods: for a year the explanations of its periods by name, whose scores it adds up.

    Returns:
        By section, its points.
    """
    of_year = found["period"] == str(found["year"])
    scores = [one for one in found["postings"] if of_year and one["clause"] == measure.total]
    lines = [one for one in found["postings"] if not of_year or one["clause"] != measure.total]
    own = ("year", "beside") if of_year else ("period",)
    for one in [*lines, *found["beside"], *(flag for flag in found["flags"])]:
        measure.check_line(one)
    for one in lines:
        if measure.section_under(one["clause"])["of"] not in own and number(one["points"]):
            raise ProofError("条目归错部分", f"{one['clause']} is of another part of the score")
    bounded = [*lines, *found["beside"]]
    if of_year:
        bounded = [one for one in lines if measure.section_under(one["clause"])["of"] == "year"]
        names = {one["working"]: number(one["points"]) for one in scores}
        if names != {f"score of {name}": number(one["closing"]) for name, one in periods.items()}:
            raise ProofError("各期得分不符", "the scores of the periods differ")
    check_clauses(measure, bounded)
    opening = measure.opening(*own)
    begun = number(found["opening"]) == opening
    if not begun and (lines or number(found["opening"])):
        raise ProofError(f"起始分应为 {opening}", f"it opens at {opening}")
    sections: Dict[str, Decimal] = {}
    for slug, section in measure.sections.items():
        beside = not of_year and section["of"] == "beside"
        if section["of"] in own or beside:
            those = [one for one in (found["beside"] if beside else lines)
                     if measure.section_under(one["clause"])["slug"] == slug]  # fmt: skip
            sections[slug] = check_section(measure, section, those, whole=begun and not beside)
    closing = number(found["opening"]) + total(found["postings"])
    if number(found["closing"]) != closing:
        raise ProofError(f"合计应为 {closing}", f"the points add up to {closing}")
    return sections


def check_carried(measure: Measure, ledger: Ledger, found: Json, sums: Dict[str, Decimal]) -> None:
    """Compare the sections of a period that was published before the ledger with its entry."""
    for one in [*found["postings"], *found["beside"]]:
        section = measure.sections.get(one["clause"])
        if section is not None and one["working"].startswith(CARRIED):
            entry = ledger.entries[one["entries"][0]].entry
            told = number(entry["sections"].get(section["slug"], "0"))
            told = -told if section.get("deducts") else told
            points = sums[section["slug"]] if section["of"] == "period" else number(one["points"])
            if points != told or entry["kind"] != "carried_quarter":
                raise ProofError(f"结转的分数应为 {told}", f"{told} points were carried forward")


def check_entries(ledger: Ledger, found: Json, units: List[str]) -> int:
    """Check that every entry of an explanation is proved, counts, and is no other unit's."""
    names = {
        name
        for part in ("postings", "beside", "flags")
        for line in found[part]
        for name in line["entries"]
    }
    for name in sorted(names):
        if not ledger.counts(name):
            raise ProofError(f"{name} 未核定或已冲销", f"{name} is not proved to count")
        entry = ledger.entries[name].entry
        named = [entry[field] for field in ("unit", "host_unit") if field in entry]
        if named and not set(named) & set(units):
            raise ProofError(f"{name} 不是本单位的", f"{name} is of another unit")
    return len(names)


# What is printed


class Report:
    """Runs the checks one after another and prints what each found."""

    def __init__(self) -> None:
        self.wrong = 0

    def say(self, mark: str, zh: str, en: str) -> None:
        """Print a line in Chinese and in English."""
        print(f"[{mark}] {zh} / {en}")

    def check(self, zh: str, en: str, run: Callable[[], Optional[Tuple[str, str]]]) -> bool:
        """Run a check; print that it passed with what it found, or what is wrong."""
        try:
            more = run()
        except ProofError as error:
            print(f"[不符 WRONG] {zh} / {en}: {error}")
        except Exception as error:  # noqa: BLE001 - whatever bytes it is given
            print(f"[不符 WRONG] {zh} / {en}: 读不懂 / cannot be read ({type(error).__name__})")
        else:
            self.say(
                "通过 ok",
                zh + (f"：{more[0]}" if more else ""),
                en + (f": {more[1]}" if more else ""),
            )
            return True
        self.wrong += 1
        return False


class Packet:
    """A packet, checked link by link."""

    def __init__(self, path: str, trusted: Optional[str]) -> None:
        self.path, self.trusted, self.zipped = path, trusted, not os.path.isdir(path)
        self.files: Files = {}

    def run(self, report: Report) -> bool:
        """Check everything; return whether all is proved. What is not signed is not looked into."""
        steps = [
            ("文件完整", "the files are whole", self.read),
            (
                "清单由办公室密钥签名",
                "the manifest is signed by the office's key",
                self.manifest_signed,
            ),
            ("文件与清单一致", "every file is as the manifest says", self.files_listed),
            ("检查点已签名", "the state of the ledger is signed", self.checkpoint),
            ("事件在台账中", "the events are in the ledger", self.events_proved),
        ]
        if not all(report.check(zh, en, run) for zh, en, run in steps):
            return False
        report.check(
            "考核办法与采用记录一致", "the measure is the one adopted", self.measure_adopted
        )
        report.check("登记人和核定人是两人", "recorder and verifier are two", self.two_people)
        if report.wrong:
            return False
        report.check("分数依据有效的记录", "the postings rest on entries that count", self.entries)
        report.check("分数重新合计一致", "the points add up", self.points)
        report.check("与通报比较", "compared with the bulletin", self.editions)
        return not report.wrong

    def read(self) -> Tuple[str, str]:
        """Read the zip, or the folder."""
        if not os.path.exists(self.path):
            raise ProofError("没有这个文件或文件夹", "there is no such file or folder")
        if self.zipped:
            with open(self.path, "rb") as file:
                self.files = files_of_zip(file.read())
        else:
            self.files = files_of_folder(self.path)
        return f"{len(self.files)} 个文件", f"{len(self.files)} files"

    def manifest_signed(self) -> Tuple[str, str]:
        """Verify the manifest by the first public key, which must be the one that is trusted."""
        self.keys = parse_keys(self.files[PUBLIC])
        text, key = open_note(self.files[MANIFEST].decode(), self.keys[:1])
        self.manifest = parse_manifest(text)
        if self.trusted is None:
            return f"公钥 {key.text}，请与办公室核对", f"key {key.text}; compare it with the office"
        if key.public not in [one.public for one in parse_keys(self.trusted.encode())]:
            raise ProofError(f"公钥不是给定的那一把：{key.text}", f"it is another key: {key.text}")
        return "公钥与给定的一致", "by the key that was given"

    def files_listed(self) -> None:
        """Compare the files with the manifest."""
        check_files(self.files, self.manifest, zipped=self.zipped)

    def checkpoint(self) -> Tuple[str, str]:
        """Verify the checkpoint."""
        self.proof = json.loads(self.files[PROOF])
        text, key = open_note(self.proof["checkpoint"], self.keys)
        origin, self.size, self.root = parse_checkpoint(text)
        if origin != key.name or self.manifest.position > self.size:
            raise ProofError("检查点不是本台账的", "the state is of another ledger, or too old")
        return f"含 {self.size} 个事件", f"{self.size} events"

    def events_proved(self) -> Tuple[str, str]:
        """Prove each event, and that none is missing between those of a stream."""
        events = read_events(self.proof, self.root, self.size)
        self.ledger = Ledger(events, self.manifest.position)
        for name, stream in self.ledger.streams.items():
            versions = [one.version for one in stream]
            if not name.startswith("signed:") and versions != list(range(1, len(stream) + 1)):
                raise ProofError(f"{name} 缺少事件", f"an event of {name} is missing")
        self.event_list = events
        count = len(self.ledger.entries)
        return f"{len(events)} 个事件，{count} 条记录", f"{len(events)} events, {count} entries"

    def measure_adopted(self) -> Tuple[str, str]:
        """Compare the measure's files with its adoption and with the explanation."""
        files = {name[len(MEASURE) :]: data.decode() for name, data in self.files.items()
                 if name.startswith(MEASURE)}  # fmt: skip
        self.explained = {name: json.loads(data) for name, data in self.files.items()
                          if re.fullmatch(r"explanation[^/]*\.json", name)}  # fmt: skip
        self.main = self.explained[MAIN]
        self.measure = measure = Measure(files)
        year = int(self.main["period"][:4])
        for one in self.explained.values():
            one["year"] = year
            stated = one["measure"]
            if (stated["sha256"], stated["id"]) != (measure.sha256, measure.id):
                raise ProofError("办法的文件有出入", "the measure's files are not those stated")
        _, event = self.ledger.in_force(
            f"measure:{year}", "tally.MeasureAdopted", "tally.AdoptionWithdrawn"
        )
        adopted_at = None if event is None else event.position
        if adopted_at != self.main["measure"]["adopted_at"]:
            raise ProofError("采用记录不符", "it was adopted otherwise")
        if event is None:
            about = f"{measure.id} (SHA-256 {measure.sha256})"
            return f"台账未采用办法，用程序自带的 {about}", f"none; the program's own {about}"
        if event.data["content"] != files or event.data["sha256"] != measure.sha256:
            raise ProofError("办法与采用的不同", "the measure is not the one that was adopted")
        return f"{measure.id}，序号 {event.position}", f"{measure.id}, position {event.position}"

    def two_people(self) -> Tuple[str, str]:
        """Prove that recorder and verifier are two accounts by two keys, or two names."""
        given = json.loads(self.files.get(SIGNATURES, b'{"appends": []}'))
        signatures = Signatures(self.event_list)
        signatures.check(given["appends"])
        signed, unproved = signatures.signed, signatures.unproved
        proved = typed = 0
        for name, known in self.ledger.entries.items():
            if known.verified is None:
                continue
            one, other = (signed.get(event.position) for event in (known.recorded, known.verified))
            names = known.recorded.data["by"], known.verified.data["by"]
            same = names[0] == names[1]
            if one is not None and other is not None:
                same, proved = same or one.public == other.public, proved + 1
            else:
                typed += 1
            if same:
                raise ProofError(
                    f"{name} 由同一人登记和核定", f"{name} was recorded and verified by one"
                )
        zh = f"{proved} 条记录有两把密钥的签名，{typed} 条姓名为手工填写，未经签名证明"
        en = f"{proved} entries signed by two keys, {typed} by names as typed"
        if unproved:
            zh, en = zh + f"；序号 {unproved} 因台账损坏未证明", en + f"; not proved: {unproved}"
        return zh, en

    def entries(self) -> Tuple[str, str]:
        """Check the entries of each posting; put rulings in force; check the unit's name."""
        ledger, main, year = self.ledger, self.main, self.main["year"]
        about = self.manifest
        units = ledger.family(main["unit"])
        counted = [one for one in units if ledger.counts(one)]
        names = [ledger.entries[one].entry["name"] for one in counted]
        for found in self.explained.values():
            stated = found["unit"], found["position"], found["provisional"]
            if stated != (about.unit, about.position, False) or found["name"] not in names:
                raise ProofError("单位、序号或口径不符", "unit, position or basis differ")
        if main["period"] != about.period:
            raise ProofError("考核期不符", "the period differs")
        self.units = units
        for known in ledger.entries.values():
            entry = known.entry
            if entry["kind"] == "ruling" and entry["year"] == year and ledger.counts(entry["id"]):
                self.measure.rule(entry["reading"], entry["value"])
        count = sum(check_entries(ledger, found, units) for found in self.explained.values())
        return f"{count} 处引用", f"{count} references"

    def points(self) -> Tuple[str, str]:
        """Add every explanation up."""
        main, unit = self.main, self.measure.unit
        periods = {one["period"]: one for name, one in self.explained.items() if name != MAIN}
        self.sums = {
            found["period"]: check_sums(self.measure, found, {} if found is not main else periods)
            for found in self.explained.values()
        }
        for found in self.explained.values():
            if found["period"] != str(found["year"]):
                check_carried(self.measure, self.ledger, found, self.sums[found["period"]])
        lines = main["postings"]
        text = f"{main['opening']} + {total(lines)} = {main['closing']}"
        about = f"{main['unit']} {main['name']} {main['period']}"
        return f"{about}：{text} {unit['zh']}", f"{about}: {text} {unit['en']}"

    def editions(self) -> Tuple[str, str]:
        """Compare what was published last of each period with what is explained."""
        zh: List[str] = []
        en: List[str] = []
        for found in self.explained.values():
            name = found["period"]
            number_of, event = self.ledger.in_force(
                f"publication:{name}", "tally.FiguresPublished", "tally.EditionWithdrawn"
            )
            if event is None:
                zh, en = [*zh, f"{name} 未通报"], [*en, f"{name} was not published"]
                continue
            figure = next((one for one in event.data["figures"] if one["unit"] in self.units), None)
            if figure is None:
                zh, en = [*zh, f"{name} 通报无本单位"], [*en, f"{name} was published without it"]
                continue
            score, edition = number(figure["score"]), f"{name}#{number_of}"
            if score != number(found["closing"]):
                zh.append(f"{edition} 通报 {score}，现为 {found['closing']}")
                en.append(f"{edition} published {score}, now {found['closing']}")
                continue
            zh, en = [*zh, f"{edition} 一致"], [*en, f"{edition} is the same"]
            told = {**figure.get("sections", {}), **figure.get("beside", {})}
            for slug, points in self.sums[name].items():
                sign = -1 if self.measure.sections[slug].get("deducts") else 1
                if slug in told and number(told[slug]) != points * sign:
                    zh.append(f"{slug} 通报 {told[slug]}")
                    en.append(f"{slug} published {told[slug]}")
        return "；".join(zh), "; ".join(en)


def main(words: List[str]) -> int:
    """Verify the packet that is named, by default the folder in which this file is."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    trusted = None
    if "--key" in words[:-1]:
        at = words.index("--key")
        trusted = words[at + 1]
        del words[at : at + 2]
        if os.path.isfile(trusted):
            with open(trusted, encoding="utf-8", errors="replace") as file:
                trusted = file.read()
        elif "+" not in trusted:
            print(f"没有公钥文件 / there is no file of a key: {trusted}")
            return 2
    if len(words) > 1 or any(word.startswith("-") for word in words):
        print(__doc__)
        return 2
    path = words[0] if words else os.path.dirname(os.path.abspath(__file__))
    packet, report = Packet(path, trusted), Report()
    if packet.run(report):
        report.say("通过 ok", "全部核对无误", "everything is proved")
        return 0
    print("[不符 WRONG] 不能采信 / do not rely on this packet")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

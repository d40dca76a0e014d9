"""A bench with a device of most kinds, and a browser's way to it."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.devices.virtual import bench_settings
from kiosk.devices.virtual.bench_settings import BenchSettings
from kiosk.devices.virtual.bench_table import BenchTable
from kiosk.devices.virtual.bench_web import BenchWeb

TOKEN = "a-token-nobody-guesses"
PEOPLE = """
sample = true
[[people]]
key = "li-he"
name = "李和"
number = "000000198907220025"
birth = "19890722"
id_card = { valid_from = "20200101", valid_until = "20400101" }
"""
CONFIG = """
port = 0
token_file = "token"
people_file = "people.toml"
[[device]]
name = "K1.id_reader"
kind = "sam"
link = "{folder}/id_reader"
[[device]]
name = "K1.slip_printer"
kind = "printer"
port = 0
baud = 0
options = {{ rows_per_s = 0 }}
[[device]]
name = "S1.led_bars"
kind = "led_bars"
link = "{folder}/bars"
options = {{ addresses = "7,14", paced = false }}
[[device]]
name = "S1.speaker"
kind = "speaker"
options = {{ speed = 100.0 }}
[[device]]
name = "W14.keypad"
kind = "keypads"
link = "{folder}/pads"
[[device]]
name = "K1.headphones"
kind = "headphone_jack"
link = "{folder}/jack"
[[device]]
name = "K1.scanner"
kind = "scanner"
link = "{folder}/scanner"
"""


@dataclass
class Bench:
    table: BenchTable
    port: int
    addresses: dict[str, str]

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, body, headers)
        answer = line.getresponse()
        told = answer.status, answer.read(), dict(answer.getheaders())
        line.close()
        return told

    def get(self, path: str) -> bytes:
        status, body, _ = self.ask("GET", path, Authorization=f"Bearer {TOKEN}")
        assert status == 200
        return body

    def act(self, device: str, action: str, **arguments: object) -> int:
        body = json.dumps(arguments).encode()
        return self.ask("POST", f"/api/device/{device}/{action}", body, Authorization=f"Bearer {TOKEN}")[0]

    def device(self, name: str) -> dict[str, object]:
        told = json.loads(self.get("/api/state"))
        return dict(next(device["state"] for device in told["devices"] if device["name"] == name))


def write(folder: Path) -> BenchSettings:
    (folder / "token").write_text(TOKEN)
    (folder / "people.toml").write_text(PEOPLE)
    (folder / "bench.toml").write_text(CONFIG.format(folder=folder))
    return bench_settings.load(folder / "bench.toml")


def opened(folder: Path) -> Iterator[Bench]:
    settings = write(folder)
    table = BenchTable(settings.device, bench_settings.load_people(settings.people_file))
    lines = [line.split() for line in table.start()]
    web = BenchWeb(table, settings)
    yield Bench(table, web.start(), {name: address for name, _, address in lines})
    web.stop()
    table.stop()

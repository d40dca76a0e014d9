"""Sound as samples, so that clips can be joined and loudness set before any outlet: one channel, 16 bits, signed."""

import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.devices.speakers import wav

LOUDEST = 32_767
SAMPLE_BYTES = 2
FULL = 100
MOST_PERCENT = 200
LOUDNESS_EXPONENT = 5 / 3
"""Half the percentage is heard as half as loud: about 10 dB (ISO 532's sone), and 0.5 ** (5/3) is -10.03 dB."""
RATES = range(8_000, 48_001)


@dataclass(frozen=True, slots=True)
class Pcm:
    """One channel of signed 16-bit samples, `rate` of them a second."""

    rate: int
    samples: "array[int]"

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate


def of_wav(told: bytes) -> Pcm | None:
    """Return the samples of a WAV file, or None when it is not 16-bit PCM of one channel at a usual rate."""
    sound = wav.settle(told)
    if sound is None:
        return None
    head, data = wav.parts(sound)
    _, channels, rate, _, _, bits = wav.FORMAT.unpack_from(head)
    if channels != 1 or bits != 8 * SAMPLE_BYTES or rate not in RATES:
        return None
    samples = array("h")
    samples.frombytes(data)
    if sys.byteorder == "big":
        samples.byteswap()
    return Pcm(rate, samples)


def to_wav(pcm: Pcm) -> wav.Sound:
    """Return it as a WAV file with honest sizes."""
    samples = pcm.samples
    if sys.byteorder == "big":
        samples = array("h", samples)
        samples.byteswap()
    head = wav.FORMAT.pack(wav.PCM, 1, pcm.rate, pcm.rate * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    return wav.Sound(wav.written(head, samples.tobytes()), pcm.seconds)


def silence(rate: int, milliseconds: int) -> "array[int]":
    """Return so much quiet."""
    return array("h", bytes(SAMPLE_BYTES * (rate * milliseconds // 1000)))


def join(rate: int, parts: "Iterable[array[int]]") -> Pcm:
    """Return all parts, one after the other."""
    samples = array("h")
    for part in parts:
        samples.extend(part)
    return Pcm(rate, samples)


def gain(percent: float) -> float:
    """Return the factor for a loudness of `percent` (0 to 200) of the sound as it is.

    >>> [round(gain(percent), 3) for percent in (0, 25, 50, 100)]
    [0.0, 0.099, 0.315, 1.0]
    """
    return float((max(0.0, min(percent, MOST_PERCENT)) / FULL) ** LOUDNESS_EXPONENT)


def louder(pcm: Pcm, percent: float) -> Pcm:
    """Return it at `percent` of its loudness; what would be beyond the loudest sample is clipped, never wrapped."""
    factor = gain(percent)
    if factor == 1.0:
        return pcm
    if factor < 1.0:
        return Pcm(pcm.rate, array("h", [int(sample * factor) for sample in pcm.samples]))
    low = -LOUDEST - 1
    return Pcm(pcm.rate, array("h", [max(low, min(LOUDEST, int(sample * factor))) for sample in pcm.samples]))


def faded(pcm: Pcm, milliseconds: int) -> Pcm:
    """Return it with its two ends drawn to silence, so that joined clips do not click."""
    steps = min(pcm.rate * milliseconds // 1000, len(pcm.samples) // 2)
    samples = array("h", pcm.samples)
    for step in range(steps):
        samples[step] = samples[step] * step // steps
        samples[-1 - step] = samples[-1 - step] * step // steps
    return Pcm(pcm.rate, samples)


def peak(pcm: Pcm) -> int:
    """Return the greatest distance from silence, 0 to 32,768."""
    return max((abs(sample) for sample in pcm.samples), default=0)


def at_rate(pcm: Pcm, rate: int) -> Pcm:
    """Return it at another rate, by straight lines between samples; enough for speech."""
    if rate == pcm.rate or not pcm.samples:
        return Pcm(rate, pcm.samples)
    count = len(pcm.samples) * rate // pcm.rate
    last = len(pcm.samples) - 1
    made = array("h")
    for index in range(count):
        place, part = divmod(index * pcm.rate, rate)
        before, after = pcm.samples[min(place, last)], pcm.samples[min(place + 1, last)]
        made.append(before + (after - before) * part // rate)
    return Pcm(rate, made)


def trimmed(pcm: Pcm, floor: int, keep_ms: int) -> Pcm:
    """Return it without the quiet (samples below `floor`) before and after, but for `keep_ms` on each side."""
    loud = [index for index, sample in enumerate(pcm.samples) if abs(sample) >= floor]
    if not loud:
        return Pcm(pcm.rate, array("h"))
    keep = pcm.rate * keep_ms // 1000
    return Pcm(pcm.rate, pcm.samples[max(0, loud[0] - keep) : loud[-1] + 1 + keep])

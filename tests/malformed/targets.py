"""All targets by name."""

from __future__ import annotations

from tests.malformed.assembler import Assembler
from tests.malformed.baselines import Baselines
from tests.malformed.caches import Caches
from tests.malformed.commands import Commands
from tests.malformed.description import Description
from tests.malformed.disks import Disks
from tests.malformed.image import Image
from tests.malformed.linked import Linked, Names
from tests.malformed.snapshots import Snapshots
from tests.malformed.target import Target

TARGETS: dict[str, type[Target]] = {
    target.name: target
    for target in (Assembler, Description, Image, Linked, Names, Snapshots, Caches, Disks, Baselines, Commands)
}

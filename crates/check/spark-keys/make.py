"""Makes keys.txt from two distributions of Spark: `make.py <jars of 3.5> <jars of 4.1> > keys.txt`.

The jar of Spark Connect is not among those of 3.5: put spark-connect_2.12 beside them.
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def keys(jars):
    command = ["java", "-cp", f"{jars}/*", HERE / "Dump.java", jars]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return dict(line.split() for line in lines)


def main():
    old, new = (keys(jars) for jars in sys.argv[1:3])
    print("# Settings of Spark with their types. The last number: only in this line of versions, 3.5 or 4.1. Made by make.py.")
    for key in sorted(old.keys() | new.keys()):
        # Names of files among the constants of the code.
        if key.endswith((".html", ".xml", ".class", ".jar", ".properties")) or key.startswith("spark.testing"):
            continue
        types = {table[key] for table in (old, new) if key in table}
        words = [key, types.pop() if len(types) == 1 else "text"]
        if not (key in old and key in new):
            words.append("3" if key in old else "4")
        print(*words)


main()

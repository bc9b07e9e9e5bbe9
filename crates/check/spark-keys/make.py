"""Makes keys.txt from the jars of each line of Spark: `make.py <jars of 3.5> <jars of 4.1> <jars of 4.3> > keys.txt`.

The jar of Spark Connect is not among those of 3.5: put spark-connect_2.12 beside them.
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def major(jars):
    [core] = pathlib.Path(jars).glob("spark-core_*.jar")
    return core.stem.rsplit("-", 1)[1].split(".")[0]


def keys(jars):
    command = ["java", "-cp", f"{jars}/*", HERE / "Dump.java", jars]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return dict(line.split() for line in lines)


def main():
    tables = [(major(jars), keys(jars)) for jars in sys.argv[1:]]
    majors = {major for major, _ in tables}
    print("# Settings of Spark with their types. The last number: only in this major version. Made by make.py.")
    for key in sorted(set().union(*(table for _, table in tables))):
        # Names of files among the constants of the code.
        if key.endswith((".html", ".xml", ".class", ".jar", ".properties")) or key.startswith("spark.testing"):
            continue
        types = {table[key] for _, table in tables if key in table}
        know = {major for major, table in tables if key in table}
        words = [key, types.pop() if len(types) == 1 else "text"]
        if know != majors:
            words.extend(know)
        print(*words)


main()

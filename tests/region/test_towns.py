"""A region's file and its list of towns are read, and every fault is named with file and line."""

import pytest

from projections.region import towns as region_towns
from projections.region.towns import RegionError, Town, read_region

FILE = """
name = "样例省"
towns = "towns.csv"

[servers.east]
url = "postgresql://clerk@db1/tally?sslmode=require"

[servers.west]
url = "postgresql://clerk@db2:5433/tally"
"""
LIST = """行政区划代码,名称,服务器,模式,文件,市
430681101,甲镇,east,t1,,样例市

430681102,乙镇,west,t1,,样例市
430681103,丙镇,,,files/丙.db,
"""


@pytest.fixture
def written(tmp_path):
    """Return a function that writes both files and returns the path of the region's."""

    def write(file=FILE, towns=LIST, encoding="utf-8"):
        (tmp_path / "region.toml").write_text(file, encoding="utf-8")
        content = towns if isinstance(towns, bytes) else towns.encode(encoding)
        (tmp_path / "towns.csv").write_bytes(content)
        return tmp_path / "region.toml"

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_towns_on_servers_and_in_files(written, tmp_path, encoding):
    region = read_region(written(encoding=encoding))
    assert region.name == "样例省"
    assert region.towns == (
        Town(
            "430681101",
            "甲镇",
            "east",
            "postgresql://clerk@db1/tally?sslmode=require&schema=t1",
            "t1",
        ),
        Town("430681102", "乙镇", "west", "postgresql://clerk@db2:5433/tally?schema=t1", "t1"),
        Town("430681103", "丙镇", "", f"sqlite:///{tmp_path}/files/%E4%B8%99.db", ""),
    )
    assert region.divisions == {"4306": "样例市"}
    assert list(region.remarks()) == []


def test_reads_english_headers_between_tabs(written):
    region = read_region(written(towns="code\tname\tpath\n430681\tA\ta.db\n"))
    assert [(town.code, town.name) for town in region.towns] == [("430681", "A")]


def test_remarks_on_too_many_schemas_in_a_database(written, monkeypatch):
    monkeypatch.setattr(region_towns, "MOST_SCHEMAS", 1)
    more = LIST + "430681104,丁镇,east,t2,,\n"
    (remark,) = read_region(written(towns=more)).remarks()
    assert remark.startswith("the server east holds 2 ledgers in one database; more than 1 slow")


HEADER = "行政区划代码,名称,服务器,模式,文件\n"
ONE = "430681101,甲镇,east,t1,\n"

WRONG_LISTS = {
    "": "towns.csv: has no towns; write a header code,name,server,schema and a line for each town",
    HEADER: "towns.csv: has no towns; ",
    f"{HEADER}{ONE}430681101,乙镇,east,t2,\n": (
        "towns.csv:3: code (行政区划代码): 430681101 is the code of the town on line 2 too; "
    ),
    f"{HEADER}4.30681E+08,甲镇,east,t1,\n": (
        "towns.csv:2: code (行政区划代码): '4.30681E+08' is not a division code of 6 to 12 digits; "
        "in a spreadsheet, format the column as text"
    ),
    f"{HEADER}43068,甲镇,east,t1,\n": "'43068' is not a division code",
    f"{HEADER}4306811010011,甲镇,east,t1,\n": "'4306811010011' is not a division code",
    f"{HEADER}430681101,甲镇,nort,t1,\n": (
        "towns.csv:2: server (服务器): the server 'nort' is not in the region's file; one of east, "
        "west, or add [servers.nort]"
    ),
    f"{HEADER}430681101,甲镇,east,,\n": (
        "towns.csv:2: schema (模式): there is neither a schema nor a file; "
    ),
    f"{HEADER}430681101,甲镇,east,t1,a.db\n": (
        "towns.csv:2: path (文件): there is a schema and a file; write where the ledger is, once"
    ),
    f"{HEADER}430681101,甲镇,east,,a.db\n": (
        "towns.csv:2: server (服务器): a file is on no server; "
    ),
    f"{HEADER}430681101,甲镇,east,T 1,\n": "schema (模式): 'T 1' is not a valid schema; ",
    f"{HEADER}{ONE}430681102,乙镇,east,t1,\n": (
        "towns.csv:3: schema (模式): is the ledger of the town on line 2 too; "
    ),
    f"{HEADER}430681101,甲镇,,,a.db\n430681102,乙镇,,,./b/../a.db\n": (
        "towns.csv:3: path (文件): is the ledger of the town on line 2 too; "
    ),
    f"{HEADER}430681101,,east,t1,\n": "towns.csv:2: name (名称): is empty; write the town's name",
    f"{HEADER}430681101,甲镇,east,t1,,x\n": "towns.csv:2: 'x' is in no column of the header; ",
    f"编号,{HEADER}1,{ONE}": "towns.csv:1: the header '编号' is not known; delete the column, ",
    f"code,{HEADER}1,{ONE}": "towns.csv:1: code (行政区划代码): two columns have this header; ",
    "名称,文件\n甲镇,a.db\n": "towns.csv:1: code (行政区划代码): there is no such column; add it",
    "code,name\n430681,A\n": "towns.csv:1: schema (模式): there is neither this column nor path ",
    f"{HEADER}430681101,甲镇,,,ledgers\\a.db\n": (
        "towns.csv:2: path (文件): ledgers\\a.db has a backslash; write / between folders"
    ),
    '行政区划代码,名称,文件\n430681,"A,a.db\n': "towns.csv:2: is not valid CSV: ",
    "code,name,path,county\n430681101,A,a,X\n430681102,B,b,Y\n": (
        "towns.csv:3: the division 430681 is called X above and Y here; write one name"
    ),
}


@pytest.mark.parametrize("number", range(len(WRONG_LISTS)))
def test_refuses_a_wrong_list(written, number):
    towns, expected = list(WRONG_LISTS.items())[number]
    with pytest.raises(RegionError) as refused:
        read_region(written(towns=towns))
    assert expected in str(refused.value)


def test_names_all_faults_of_both_files_at_once(written):
    file = FILE.replace("clerk@db1", "clerk:Geheim1@db1")
    with pytest.raises(RegionError) as refused:
        read_region(written(file, f"{HEADER}1,甲镇,east,t1,\n430681101,,east,t2,\n"))
    first, *others = refused.value.sentences()
    assert "region.toml:6: servers.east.url: postgresql://clerk:***@db1/tally?sslmode" in first
    assert first.endswith(
        "has a password; take it out, and let each computer that folds know it: by ~/.pgpass, or "
        "PGPASSFILE and PGPASSWORD in its environment"
    )
    assert "Geheim1" not in str(refused.value)
    assert [one.partition("towns.csv:")[2][:7] for one in others] == ["2: code", "3: name"]


def test_names_unknown_keys_together_with_the_other_faults(written):
    file = f"colour = 1\n{FILE}port = 1\n".replace("clerk@db1", "clerk:Geheim1@db1")
    with pytest.raises(RegionError) as refused:
        read_region(written(file, f"{HEADER}1,甲镇,east,t1,\n"))
    places = [one.partition(": ")[0].rpartition("/")[2] for one in refused.value.sentences()]
    assert places == ["region.toml:1", "region.toml:7", "region.toml:11", "towns.csv:2"]


WRONG_FILES = {
    'name = "x"\n': "region.toml: the key 'towns' is missing",
    f"colour = 1\n{FILE}": "region.toml:1: there is no key 'colour'; known are name, towns",
    f"{FILE}\nport = 1\n": "region.toml:11: servers.west: there is no key 'port'; known are url",
    "name = \n": "region.toml: is not TOML: ",
    FILE.replace("db1/", "db1/?password=Geheim1&x="): "has a password; take it out",
    FILE.replace("postgresql://clerk@db1/tally", "mysql://db1/tally"): (
        "is not the URL of a database; write postgresql://USER@HOST/DATABASE"
    ),
    FILE.replace("?sslmode=require", "?schema=t1"): "names a schema; each town's is in the list",
    FILE.replace("towns.csv", "none.csv"): "none.csv: cannot be read: No such file or directory",
}


@pytest.mark.parametrize("number", range(len(WRONG_FILES)))
def test_refuses_a_wrong_file(written, number):
    file, expected = list(WRONG_FILES.items())[number]
    with pytest.raises(RegionError) as refused:
        read_region(written(file))
    assert expected in str(refused.value)
    assert "Geheim1" not in str(refused.value)


def test_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RegionError, match=r"region.toml: cannot be read: No such file"):
        read_region(tmp_path / "region.toml")

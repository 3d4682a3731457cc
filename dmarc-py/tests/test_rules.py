import dmarc_py


def test_rules_are_listed_by_code_each_once() -> None:
    codes = [rule["code"] for rule in dmarc_py.rules()]
    assert codes and codes == sorted(set(codes))

"""The demo's folder: secrets made once and kept, a configuration that loads, one demo at a time."""

import socket
import stat

import pytest

from app.config import load
from app.demo.command import _free, _locked, _use, free_port
from app.demo.folder import Folder, prepare, simulator_settings, write_config
from app.failure import Failure


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_the_configuration_it_writes_loads_in_safe_mode(folder) -> None:
    write_config(folder, prepare(folder), port=8123)

    settings = load(folder.config)

    assert settings.wechat.mode == "safe"
    assert settings.server.port == 8123
    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.wechat.api_base == "http://127.0.0.1:8123/sim/wechat"
    assert settings.demo.enabled
    assert settings.pay.enabled


def test_posters_stay_in_its_folder(folder) -> None:
    write_config(folder, prepare(folder), port=8123)

    assert load(folder.config).posters.folder == str(folder.path / "posters")


def test_a_second_start_keeps_every_secret_and_may_change_the_port(folder) -> None:
    first = prepare(folder)
    write_config(folder, first, port=8123)

    second = prepare(folder)
    write_config(folder, second, port=8124)

    assert second == first
    assert load(folder.config).server.port == 8124


def test_two_demos_have_no_secret_in_common(tmp_path) -> None:
    one, other = prepare(Folder(tmp_path / "one")), prepare(Folder(tmp_path / "other"))

    shared = {name for name in one if one[name] == other[name]}
    assert not shared


def test_what_is_secret_is_ours_alone(folder) -> None:
    write_config(folder, prepare(folder), port=8123)

    secret = [folder.config, *folder.file("").iterdir()]
    assert len(secret) == 6
    assert all(not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for path in secret)


def test_service_and_simulated_wechat_hold_fitting_keys(folder) -> None:
    known = prepare(folder)
    write_config(folder, known, port=8123)

    desk, own = simulator_settings(folder, known, base="http://127.0.0.1:8123"), load(folder.config)

    assert desk.webhook_url == "http://127.0.0.1:8123/wechat"
    assert desk.encoding_aes_key == own.wechat.encoding_aes_key.get_secret_value()
    assert desk.pay_public_key_id == own.pay.public_key_id
    assert {each[0] for each in desk.templates} == {each.id for each in own.wechat.templates.values()}


def test_nothing_of_a_real_shops_environment_reaches_the_demo(folder, monkeypatch) -> None:
    monkeypatch.setenv("FENXIAO_WECHAT__APP_SECRET", "the-real-shops-own-secret")
    monkeypatch.setenv("FENXIAO_CONFIG", "/real/config.toml")
    write_config(folder, prepare(folder), port=8123)

    _use(folder.config)

    assert load().wechat.app_secret.get_secret_value() != "the-real-shops-own-secret"


def test_a_folder_serves_one_demo_at_a_time(tmp_path) -> None:
    with _locked(tmp_path), pytest.raises(Failure, match="正在用"), _locked(tmp_path):
        pass
    with _locked(tmp_path):
        pass


def test_without_a_port_the_next_free_one_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]

        assert not _free(busy)
        assert free_port(None, first=busy) > busy


def test_a_port_that_was_asked_for_and_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(Failure, match="占着"):
            free_port(taken.getsockname()[1], patience=0.2)

"""A few questions to each operation of the API; `make fuzz-api` asks thousands."""

from tests.web.api_fuzz import fuzz


def test_every_operation_answers_as_its_document_says(tmp_path):
    came = fuzz(tmp_path, 150)
    assert sum(came.values()) >= 90
    assert {200, 401, 404, 422} - {401} <= came.keys()
    assert max(came) < 500

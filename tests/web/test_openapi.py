"""The OpenAPI document says what the API does: every route, its scope, its errors."""

import re

from cadence.core.rights import OF_EVERY_TOKEN
from cadence.web.workplace import declared
from tests.web.site import one_database as database_url

__all__ = ["database_url"]


async def test_the_document_has_every_resource_and_no_page(site):
    document = (await site.browser().get("/openapi.json")).json()
    resources = {str(route.path) for route, _ in declared(site.web) if str(route.path).startswith("/api/")}
    assert set(document["paths"]) == resources
    assert set(re.findall(r"#/components/schemas/(\w+)", str(document))) <= set(
        document["components"]["schemas"]
    )


async def test_a_change_has_no_defaults_that_a_generated_client_would_send(site):
    document = (await site.browser().get("/openapi.json")).json()
    changes = [name for name in document["components"]["schemas"] if name.endswith("Change")]
    assert len(changes) >= 3
    for name in changes:
        shape = document["components"]["schemas"][name]
        assert "required" not in shape
        assert not [field for field, about in shape["properties"].items() if "default" in about]


async def test_each_operation_says_who_may_and_what_goes_wrong(site):
    document = (await site.browser().get("/openapi.json")).json()
    for route, right in declared(site.web):
        if not str(route.path).startswith("/api/"):
            continue
        for method in route.methods or ():
            operation = document["paths"][route.path_format][method.lower()]
            assert operation["summary"]
            assert operation["security"] == [{"token": []}]
            assert right in OF_EVERY_TOKEN or f"Scope: `{right}`." in operation["description"]
            for status in ("401", "403", "422"):
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"]

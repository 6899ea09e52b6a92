"""The demo: the whole product at work on made-up people, with real mail and a clock that jumps."""

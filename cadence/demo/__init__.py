"""The demo: the whole product at work on made-up people, with mail over real sockets and a clock that jumps."""

"""The program `ift-build`, which `python -m ift_builder` is too: ready for Ctrl-C from its first line."""


def main() -> None:
    """The console script."""
    # Both signals are held back until somebody can take them. The module is the built-in part of `signal`, which itself
    # takes some milliseconds to import, and so do all others.
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415

    if holds_back := hasattr(_signal, "pthread_sigmask"):  # everywhere but on Windows
        before = _signal.pthread_sigmask(_signal.SIG_BLOCK, (_signal.SIGINT, _signal.SIGTERM))
    from ift_builder import interrupts  # noqa: PLC0415

    interrupts.install()
    try:
        if holds_back:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
        from ift_builder.cli import main as run_and_exit  # noqa: PLC0415

        run_and_exit()
    except KeyboardInterrupt:  # it came before the error boundary, or after it
        interrupts.say()
        interrupts.end(interrupts.EXIT_CODE)


if __name__ == "__main__":
    main()

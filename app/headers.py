"""Headers that every answer carries."""

from flask import Flask, Response


def add_headers(app: Flask, *, framed: bool, https: bool) -> None:
    """Tell browsers what our pages may do; ``framed`` lets pages of our own show them in a frame (the demo)."""
    fixed = _headers(framed=framed, https=https)

    def finish(response: Response) -> Response:
        for name, value in fixed:
            response.headers.setdefault(name, value)
        return response

    app.after_request(finish)


def _headers(*, framed: bool, https: bool) -> tuple[tuple[str, str], ...]:
    ancestors = "'self'" if framed else "'none'"
    policy = (
        f"default-src 'self'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors {ancestors}"
    )
    headers = (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "SAMEORIGIN" if framed else "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    )
    return (*headers, ("Strict-Transport-Security", "max-age=31536000")) if https else headers

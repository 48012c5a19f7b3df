def naming_form(text: str, role: str) -> str:
    return text

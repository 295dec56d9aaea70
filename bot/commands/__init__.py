"""What each command of `sanad` does; `bot.__main__` names them and reads their words."""

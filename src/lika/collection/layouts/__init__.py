"""Whose words a file uses: the form's own, or those of another system, which a mapping profile sets beside ours."""

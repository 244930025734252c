def test_it_opens(window, open_photo):
    assert open_photo() is not None

"""Twilio's own Python client as the judge: of signatures, of tokens, and of the double.

    oracle.py signatures COUNT        JSON lines of random signed requests
    oracle.py token                   reads {token, now...} lines from stdin, judges each
    oracle.py client BASE_URL         drives the double like any program of a Twilio customer
"""
import json
import random
import sys

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
AUTH_TOKEN = "fedcba9876543210fedcba9876543210"
KEY = "SK0123456789abcdef0123456789abcdef"
SECRET = "0123456789ABCDEFGHIJKLMNOPQRSTUV"


class Form(dict):
    """Values by name, several where a name comes twice, as web frameworks hand them over."""

    def getlist(self, name):
        return self[name]


def signatures(count):
    from twilio.request_validator import RequestValidator

    chance = random.Random(20260222)
    letters = "abcXYZ019 +%&=/?_-.:äß中é😀\"'<>"

    def word(most):
        return "".join(chance.choice(letters) for _ in range(chance.randrange(most)))

    for _ in range(count):
        token = f"{chance.getrandbits(128):032x}"
        url = chance.choice(
            [
                "https://visits.example.org/api/v1/hooks/twilio/",
                "http://visits.example.org:8000/api/v1/hooks/twilio/",
                "https://visits.example.org/hook?a=1&b=" + str(chance.randrange(99)),
            ]
        )
        pairs = {}
        for _ in range(chance.randrange(12)):
            pairs[word(8) or "Empty"] = [word(20)] if chance.random() < 0.9 else [word(4), word(4)]
        signature = RequestValidator(token).compute_signature(url, Form(pairs))
        flat = [[name, value] for name, values in pairs.items() for value in values]
        chance.shuffle(flat)
        print(json.dumps({"token": token, "url": url, "pairs": flat, "signature": signature}))


def token():
    import jwt
    from twilio.jwt.access_token import AccessToken
    from twilio.jwt.access_token.grants import VideoGrant

    ours = json.load(sys.stdin)
    theirs = AccessToken(ACCOUNT, KEY, SECRET, identity=ours["identity"], ttl=300)
    theirs.add_grant(VideoGrant(room=ours["room"]))
    theirs = theirs.to_jwt()
    theirs = theirs if isinstance(theirs, str) else theirs.decode()
    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    read = [jwt.decode(each, SECRET, algorithms=["HS256"], options=options) for each in (ours["token"], theirs)]
    headers = [jwt.get_unverified_header(each) for each in (ours["token"], theirs)]
    wrong = []
    if headers[0] != headers[1]:
        wrong.append(f"headers {headers}")
    for name in ("iss", "sub", "grants"):
        if read[0][name] != read[1][name]:
            wrong.append(f"{name}: {read[0][name]} and {read[1][name]}")
    if read[0]["exp"] - read[0]["iat"] != 300 or not read[0]["jti"].startswith(KEY + "-"):
        wrong.append(f"times or jti: {read[0]}")
    missing = set(read[1]) - set(read[0])
    if missing:
        wrong.append(f"missing claims {missing}")
    print(json.dumps(wrong))


def client(base):
    from twilio.base.exceptions import TwilioException, TwilioRestException
    from twilio.rest import Client

    twilio = Client(KEY, SECRET, ACCOUNT)
    twilio.video.base_url = base
    room = twilio.video.v1.rooms.create(unique_name="oracle", type="group")
    assert room.status == "in-progress" and room.sid.startswith("RM"), room.status
    try:
        twilio.video.v1.rooms.create(unique_name="oracle")
        raise AssertionError("a second room of the same name was made")
    except TwilioRestException as error:
        assert error.code == 53113, error.code
    assert twilio.video.v1.rooms("oracle").fetch().sid == room.sid
    assert [each.sid for each in twilio.video.v1.rooms.list(status="in-progress")] == [room.sid]
    assert twilio.video.v1.rooms(room.sid).participants.list() == []
    assert twilio.video.v1.rooms(room.sid).recordings.list() == []
    assert twilio.video.v1.rooms(room.sid).update(status="completed").status == "completed"
    try:
        twilio.video.v1.rooms("oracle").fetch()
        raise AssertionError("a room that is over was found by its name")
    except TwilioRestException as error:
        assert error.code == 20404, error.code
    wrong = Client(KEY, "WRONG", ACCOUNT)
    wrong.video.base_url = base
    try:
        wrong.video.v1.rooms.list(limit=1)
        raise AssertionError("wrong credentials were accepted")
    except TwilioException as error:
        assert "20003" in str(error) or "401" in str(error), error
    print("[]")


if __name__ == "__main__":
    if sys.argv[1] == "signatures":
        signatures(int(sys.argv[2]))
    elif sys.argv[1] == "token":
        token()
    else:
        client(sys.argv[2])

#!/usr/bin/env python3
"""A second verifier of the case record, written from backend/doc/record-format.md alone. It reads the fields of every kind and the
codes from that text, and who may write what from authority/roles.json, at run time.
usage: verify.py PATH...   a bundle folder, its entries.jsonl or another file of such lines; a line of JSON for each
It checks form, signatures, hashes, bodies, chains, place, case, clocks and head, whose key speaks when, and roles held: granted,
lent, taken by break-glass, ended. It leaves out: bounds and closed lists of single values (limits.go, notes in §4), the bounds of
§5 on chains and grants, files beside entries.jsonl (§7), anchors, checkpoints, conflicts; succession, changed rows and admitted
entries, which "left_out" names where a record has them; and, of kinds that give no authority, what they refer to and the rules
that no row says (corrections, documents, custody, holds, lanes, co-signing, reviews)."""
import base64, collections, functools, graphlib, hashlib, heapq, json, operator, os, re, sys
from datetime import datetime, timedelta
from decimal import Decimal
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HERE, TYPE = os.path.dirname(os.path.abspath(__file__)), "application/vnd.adjutant.entry.v1+json"
DOC = open(os.path.join(HERE, "../../doc/record-format.md"), encoding="utf-8").read()
ROWS = json.load(open(os.path.join(HERE, "../authority/roles.json"), encoding="utf-8"))
EXIT = {code: int(n) for code, n in re.findall(r"^\| `([a-z-]{3,})` \| (\d) \|", DOC, re.M)}
VERDICT = {1: "damaged or forged", 4: "equivocation", 3: "incomplete", 0: "consistent with itself; signers not checked"}
GOVERNING = re.findall(r"`([a-z.]+)`", re.search(r"\*\*Governing kinds\*\* are (.*?)\. They", DOC, re.S)[1])
ENVELOPE = re.compile((r'\{"payloadType":"%s","payload":"([^"]*)","signatures":\[\{"keyid":"([^"]*)","sig":"([^"]*)"\}\]\}' % re.escape(TYPE)).encode())
HEADER = re.compile(r'\{"v":1,"case":"([0-9a-f]{32})","mode":"(live|exercise)","author":"(X)","seq":([1-9]\d{0,15}),"prev":"(X|)","seen":\{([^}]*)\},'
                    r'"recorded":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","kind":"([a-z.]+)","body_sha256":"(X)"\}'.replace("X", "[0-9a-f]{64}"), re.A)
LINE = re.compile(rb'\{"id":"([0-9a-f]{64})","envelope":(.*),"body":(?:null|"([^"]*)")\}')

def shape(fields):  # the fields of a kind in §4 as dicts (in order, "?" for optional), lists, and {"*": …} for tables
    fields = re.sub(r"\{name: (\w+)\}", r'{"*": "\1"}', re.sub(r"\[(\w+)\]", r'["\1"]', fields))
    fields = re.sub(r"(\w+\??) (integer|number|bool)\b", r'"\1": "\2"', re.sub(r"(\w+\??) (?=[{\[])", r'"\1": ', fields))
    return json.loads(re.sub(r'(?<=[{ ])(\w+\??)(?=[,}])', r'"\1": "text"', fields))
KINDS = {k: shape(f) for k, f in re.findall(r"^\| `([a-z.]+)` \| `(\{.*?\})` \|", DOC, re.M)}
def one_form(v, sh):  # the one text of a value of this shape (§3): what a lenient reader took from another text differs from it
    braces, text = lambda items: "{" + ",".join(items) + "}", lambda v: json.dumps(v, ensure_ascii=False).replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")
    number = lambda v: re.sub(r"\.0$", "", format(Decimal(repr(v)), "f") if v == 0 or abs(v) >= 1e-6 else repr(v).replace("e-0", "e-"))
    if sh == "text" and type(v) is str: return text(v)
    if sh == "integer" and type(v) is int and abs(v) < 2**63: return str(v)
    if sh == "number" and type(v) in (int, float): return number(float(v))
    if sh == "bool" and type(v) is bool: return json.dumps(v)
    if type(sh) is list and type(v) is list: return "[" + ",".join(one_form(x, sh[0]) for x in v) + "]"
    if "*" in sh: return braces(text(k) + ":" + one_form(v[k], sh["*"]) for k in sorted(v, key=str.encode))
    return braces(f'"{k.rstrip("?")}":' + one_form(v[k.rstrip("?")], x) for k, x in sh.items() if v.get(k.rstrip("?")) or k[-1] != "?")
def sha(b): return hashlib.sha256(b).hexdigest()
def b64(text):
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw) != text: raise ValueError("not the one form of base64")
    return raw
def signed(key, message, sig):
    try: return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(sig, message) is None
    except (InvalidSignature, ValueError): return False

class Entry:
    def __init__(e, line):
        head, key, sig = ENVELOPE.fullmatch(line).groups()
        head, sig = b64(head), b64(sig)
        e.case, e.mode, e.author, seq, e.prev, seen, e.recorded, e.kind, e.body_sha = HEADER.fullmatch(head.decode()).groups()
        e.seq, e.time, e.data, e.seen = int(seq), datetime.fromisoformat(e.recorded), None, dict(re.findall(r'"([0-9a-f]{64})":"([0-9a-f]{64})"', seen))
        if len(line) > 65536 or len(sig) != 64 or key.decode() != e.author or (e.seq == 1) != (e.prev == "") or e.seq >= 2**53 \
                or e.kind not in KINDS or e.author in e.seen or len(e.seen) > 256 or seen != ",".join(f'"{a}":"{e.seen[a]}"' for a in sorted(e.seen)):
            raise ValueError("no header in its one form")
        pae = f"DSSEv1 {len(TYPE)} {TYPE} {len(head)} ".encode() + head
        e.id, e.sound, e.links = sha(pae), signed(e.author, pae, sig), {e.prev, *e.seen.values()} - {""}
    def read(e, body):  # the code of what is wrong with the body
        if sha(body) != e.body_sha: return "body-hash"
        try:
            salt, d = re.match(rb'\{"salt":"([0-9a-f]{32})"', body)[1].decode(), json.loads(body)["data"]
            opener = (1, {}, e.author, sha(f"adjutant case v1\n{e.author}\n{salt}\n".encode())[:32])
            if len(body) > 1 << 20 or e.kind == "case.opened" and (e.seq, e.seen, d["person"]["key"], e.case) != opener \
                    or body != f'{{"salt":"{salt}","data":{one_form(d, KINDS[e.kind])}}}'.encode(): return "body"
            e.data = d
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError): return "body"

def load(path, problems):  # the entries of a file as far as their envelopes are whole; what is wrong with its lines goes to problems
    lines, out = open(os.path.join(path, "entries.jsonl") if os.path.isdir(path) else path, "rb").read().split(b"\n"), {}
    for n, line in enumerate(lines, 1):
        m, told, found = LINE.fullmatch(line), re.match(rb'\{"id":"([0-9a-f]{64})', line), re.search(rb'\{"payloadType".*"\}\]\}', line)
        name, wrong = told[1].decode() if told else f"line {n}", "form"
        try:
            if n == len(lines) or len(line) > 65536 + (1 << 20) * 4 // 3 + 255: raise ValueError("without end, or too long")
            e = Entry(m[2] if m else found[0])
            if e.id != name and not e.sound: raise ValueError("neither this entry nor a sound one")
        except (ValueError, TypeError, AttributeError):
            problems += [("form", name)] if line or n < len(lines) else []
            continue
        try: wrong = (m[3] is not None and e.read(b64(m[3]))) or (e.id != name and "form")
        except (ValueError, TypeError): pass
        problems += ([(wrong, e.id)] if wrong else []) + ([("duplicate", e.id)] if e.id in out else [])
        out.setdefault(e.id, e)
    return list(out.values())

def causal(entries):
    here, ready, out = {e.id: e for e in entries}, [], []
    order = graphlib.TopologicalSorter({e.id: e.links & here.keys() for e in entries})
    order.prepare()
    while order.is_active():
        for e in map(here.get, order.get_ready()): heapq.heappush(ready, (e.recorded, e.author, e.seq, e.id))
        out.append(here[heapq.heappop(ready)[3]])
        order.done(out[-1].id)
    return out

class Fold:  # §5; facts holds what accepted governing entries say, each with the place of its entry
    def __init__(s, entries):
        s.E, s.at, s.past, s.now, s.stands, s.judged, s.facts = entries, {}, [], [], set(), {}, {}
        for i, e in enumerate(entries):
            links, s.at[e.id] = [s.at[p] for p in e.links if p in s.at], i
            s.past.append(functools.reduce(operator.or_, [s.past[j] | 1 << j for j in links], 0))
            s.now.append(max([e.time] + [s.now[j] for j in links]))
        s.of = min([(-n, *of) for of, n in collections.Counter((e.case, e.mode != "live") for e in entries).items()], default=(0, "", 0))[1:]
        s.root = next((i for i, e in enumerate(entries) if e.kind == "case.opened" and e.data and (e.case, e.mode != "live") == s.of), None)
        for s.past_only in (True, False) if s.root is not None else ():
            s.tried = {k[1] for k, said in s.facts.items() if k[0] == "key" and said}
            s.facts = collections.defaultdict(list, {k: v for k, v in s.facts.items() if k[0] in ("end", "revoked")})
            for i, e in enumerate(entries):
                if i == s.root:
                    s.enact(i, "", "person.admitted", e.data)
                    s.facts["role", e.data["person"]["id"]].append((i, "incident-commander", e.time, None, None, ""))
                elif e.kind in GOVERNING and e.data and not s.misplaced(i):
                    p, code = s.speaks(i)
                    s.judged[i] = code = None if i in s.stands else code or s.judge(i, p)
                    if not code: s.enact(i, p, e.kind, e.data)
    def before(s, a, b): return bool(s.past[b] >> a & 1)
    def seen(s, a, i): return a == i or s.before(a, i)
    def narrows(s, a, i): return s.before(a, i) or (not s.past_only and a != i and not s.before(i, a))
    def ended(s, key, at, i, role=None): return any(r == role and s.narrows(x, i) and not s.before(x, at) for x, r in s.facts[key])
    def enact(s, i, p, kind, d):
        until = datetime.fromisoformat(d["to"]) if d.get("to") else None
        match kind:
            case "person.admitted": s.facts["key", d["person"]["key"]].append((i, d["person"]["id"]))
            case "role.granted": s.facts["role", d["person"]].append((i, d["role"], datetime.fromisoformat(d["from"]), until, None, ""))
            case "role.delegated": s.facts["role", d["person"]].append((i, d["role"], datetime.fromisoformat(d["from"]), until, d["scope"], p))
            case "glass.broken": s.facts["role", p].append((i, d["role"], s.E[i].time, until, [], ""))
            case "role.ended" | "key.revoked" if s.past_only:
                s.facts[("end", d["person"]) if kind == "role.ended" else ("revoked", d["key"])].append((i, d["role"] if kind == "role.ended" else None))
                s.stands.add(i)
    def misplaced(s, i):
        if (s.E[i].case, s.E[i].mode != "live") != s.of: return "wrong-case" if s.E[i].case != s.of[0] else "mode-mix"
        return "chain" if s.crooked(s.E[i]) else None
    def crooked(s, e):
        linked = [(a, s.E[s.at[id]]) for a, id in [(e.author, e.prev), *e.seen.items()] if id in s.at]
        return any(x.author != a or x.id == e.prev and (x.seq + 1, x.case) != (e.seq, e.case) for a, x in linked)
    def speaks(s, i):  # the person of the key of entry i, and the code when it does not speak for them
        admissions = s.facts["key", s.E[i].author]
        known = [(at, p) for at, p in admissions if s.seen(at, i)]
        for at, p in known:
            if not s.ended(("revoked", s.E[i].author), at, i): return p, None
        tried = admissions or s.E[i].author in s.tried
        return (admissions or [(0, "")])[0][1], "key-revoked" if known else "not-yet-admitted" if tried else "unknown-author"
    def held(s, p, i, kind, end=None):  # the roles of a person at entry i (and until end) that reach a kind. scope is None for a role of one's own
        return {r for at, r, since, until, scope, lender in s.facts["role", p] if s.seen(at, i) and since <= s.now[i] and (until is None or s.now[i] < until and (not end or end <= until))
                and (scope is None or not {"core", "own"} & ROWS[kind].keys() and kind in (scope or [kind])) and not any(s.ended(("end", q), at, i, r) for q in (p, lender))}
    def judge(s, i, p):  # the code with which an entry of this person is set aside
        d, kind = s.E[i].data, s.E[i].kind
        held, row = s.held(p, i, kind, datetime.fromisoformat(d["to"]) if kind == "role.delegated" else None), ROWS[kind]
        role = d.get("by_role", "" if kind in ("role.assumed", "glass.broken", "key.revoked") else d.get("role", ""))
        known = lambda q: any(who == q and s.seen(at, i) for key in list(s.facts) if key[0] == "key" for at, who in s.facts[key])
        match kind:
            case "person.admitted" if any(q != d["person"]["id"] for _, q in s.facts["key", d["person"]["key"]][:1]): return "out-of-place"
            case "role.granted" | "role.delegated" if not known(d["person"]): return "out-of-place"
            case "key.revoked" if not any(s.seen(at, i) and q == d["person"] for at, q in s.facts["key", d["key"]]): return "out-of-place"
            case "glass.broken" if not s.now[i] < datetime.fromisoformat(d["to"]) <= s.now[i] + timedelta(hours=12): return "out-of-place"
            case "key.revoked" if not role: return None if d["person"] == p else "not-authorised"
            case "role.ended" if d["person"] == p and role == d["role"] in s.held(p, i, "note.made"): return None
        roles = set(row["classes"].get(d.get("class"), row["roles"] if "roles" in row else held)) if "classes" in row else set(row.get("roles", held))
        ok = (not role or role in held) and (row.get("members") or roles & ({role} if role else held)) and (kind != "role.delegated" or role in held)
        return None if ok else "not-authorised"
    def code(s, i):  # the code with which entry i is set aside
        if i == s.root or s.root is None or s.misplaced(i): return s.misplaced(i)
        if s.E[i].kind == "case.opened": return "opening"
        p, code = s.speaks(i) if i not in s.stands else ("", None)
        return code or (None if i in s.stands or not s.E[i].data else s.judged[i] if s.E[i].kind in GOVERNING else s.judge(i, p))

def verify(path):
    problems = []
    lines = load(path, problems)
    line_of = {e.id: n for n, e in enumerate(lines)}
    whole, late = not problems and all(e.links <= line_of.keys() for e in lines), lambda e: any(line_of.get(p, -1) > line_of[e.id] for p in e.links)
    moved = [e.id for e in lines if late(e)] or [e.id for e, x in zip(lines, causal(lines)) if whole and e is not x]
    problems += [("order", id) for id in moved[:1]]
    named = {id for _, id in problems} | {e.id for e in lines if not e.sound}
    f = Fold(causal([e for e in lines if e.sound]))
    same, followed = collections.Counter((e.author, e.seq) for e in f.E), {(e.author, e.prev) for e in f.E}
    problems += [("signature", e.id) for e in lines if not e.sound] + ([("no-opening", "")] if f.E and f.root is None else [])
    for i, e in enumerate(f.E):
        missing = {id: "missing-seen" for id in e.links} | {e.prev: "gap"}
        problems += [(c, id) for id, c in missing.items() if id and id not in f.at and id not in named]
        named |= {id for id in e.links if id not in f.at}
        news = [f.E[f.at[p]].time for p in e.links if p in f.at and (p == e.prev or e.prev not in f.at or not f.before(f.at[p], f.at[e.prev]))]
        code = f.code(i)
        problems += [(c, e.id) for c, is_so in (("chain", f.crooked(e)), ("clock-backwards", max(news, default=e.time) > e.time),
                     ("equivocation", same[e.author, e.seq] > 1), (code, f.root is not None and code not in (None, "chain"))) if is_so]
        if e.data is None and e.id not in named and not f.crooked(e) and EXIT.get(code) != 1: problems.append(("authority-withheld" if e.kind in GOVERNING else "withheld", e.id))
    lost = f.root is None or any(EXIT[c] == 3 for c, _ in problems) or any(e.kind in GOVERNING and e.data is None for e in f.E)
    problems = [("author-unproven" if c == "unknown-author" and lost else c, id) for c, id in problems]
    worst = next((x for x in (1, 4, 3) if x in [EXIT[c] for c, _ in problems]), 0 if f.E else 3)
    tips = sorted((e.author, e.id) for e in f.E if (e.author, e.id) not in followed)
    head = sha(f"adjutant case head v1\n{f.of[0]}\n{''.join(f'{a} {id}' + chr(10) for a, id in tips)}".encode()) if f.E else ""
    return {"verdict": VERDICT[worst], "head": head, "problems": [{"code": c, "entry": id} for c, id in problems],
            "left_out": sorted({e.kind for e in f.E} & {"succession.set", "role.assumed", "authority.changed", "entry.admitted"})}

for path in sys.argv[1:]:
    print(json.dumps(verify(path)))

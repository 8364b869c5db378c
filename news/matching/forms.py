"""Which English words do not follow the rules of `inflection`?"""

from __future__ import annotations

# Verbs and nouns whose forms no rule finds: the word, then its forms. A form that is a common word of its
# own (left, felt, saw, found, rose, lay, shot, fed) stays one.
_IRREGULAR = """
agree: agreed
become: becoming became
begin: began begun
boycott: boycotted boycotting
break: broke broken
bring: brought
build: built
buy: bought
calf: calves
catch: caught
child: children
choose: choosing chose chosen
come: came
criterion: criteria
deal: dealt
decree: decreed
die: died dies dying
dig: dug
disagree: disagreed
do: did does done
draw: drawn drew
drive: driven drove
fall: fallen fell
fight: fought
flee: fled
fly: flies flew flown
foot: feet
forbid: forbade forbidden
foresee: foresaw foreseen
forget: forgot forgotten
forgive: forgave forgiven forgiving
free: freed
freeze: freezing froze frozen
get: got gotten
give: gave given
go: goes gone went
goose: geese
grow: grew grown
guarantee: guaranteed
half: halves
hang: hung
hear: heard
hide: hidden hid
hold: held
index: indices
keep: kept
knife: knives
know: knew known
lead: led
lens: lenses
lie: lied lying
lose: lost
make: made
man: men
mean: meant
meet: met
mislead: misled
mistake: mistaken mistaking mistook
mouse: mice
omen:
overcome: overcame overcoming
override: overridden overriding overrode
oversee: oversaw overseen
overthrow: overthrew overthrown
pay: paid
phenomenon: phenomena
rebuild: rebuilt
ride: ridden rode
rise: risen
run: ran
say: said
see: seen
seek: sought
sell: sold
send: sent
shake: shaken shook
shelf: shelves
sink: sank sunk
slay: slain
sleep: slept
speak: spoke spoken
spend: spent
stand: stood
steal: stole stolen
stick: stuck
strike: struck
sue: sued suing
swear: swore sworn
sweep: swept
swing: swung
take: taken took
teach: taught
tear: tore torn
tell: told
thief: thieves
think: thought
throw: threw thrown
tie: tied tying
tooth: teeth
traffic: trafficked trafficking
undergo: undergoes undergone underwent
understand: understood
undertake: undertaken undertaking undertook
uphold: upheld
use: used using
wear: wore worn
wife: wives
win: won winning
withdraw: withdrawn withdrew
withhold: withheld
withstand: withstood
wolf: wolves
write: written wrote
"""

# Words that look like a form of another word and are read as one of their own: an evening is not even, a
# hearing is more than hearing, an acting director is no act.
_OWN = """
according accounting acting anything bearing being boxing browning building downing during earring
engineering evening everything fasting flushing golding harding hearing herring housing hundred inning
manning marketing meeting morning nothing outing parking redding sacred shipping something state stated
stating stocking united wedding
"""
# Words whose last e makes another word of them: an aide is no aid, Maine is not main.
_KEEPS_E = """
aide browne caste clarke clothe cooke crowe finale goode grande greene haste horne humane locale locke lowe
maine marine moore morale paine paste quite rationale route rowe secrete steele suite thorne unite wolfe
"""
# Words that end in s and are no plural.
_NO_PLURAL = "basis news series species this thus"

_WORDS = [line.replace(":", "").split() for line in _IRREGULAR.strip().splitlines()]

#: A form → the word it is a form of; the word itself too.
STEM_OF = {form: word for word, *forms in _WORDS for form in (word, *forms)} | {
    word: word for word in f"{_NO_PLURAL} {_KEEPS_E}".split()
}

#: Words that keep their -ed or -ing.
OWN_WORDS = frozenset(_OWN.split())

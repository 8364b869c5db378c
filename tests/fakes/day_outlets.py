"""Who publishes in Port Ellery? Fourteen invented outlets, every kind of feed, some of them damaged."""

from __future__ import annotations

from tests.fakes.press import Outlet

CHANNEL4 = Outlet(
    id="channel4",
    name="Channel 4 Ellery",
    feed="rss2",
    article_path="/news/%Y/%m/%d/{slug}",
    signature="Channel 4 Ellery is on your side, on air and on every screen. Send us your tips.",
    newsletter="The day in five minutes: get the Channel 4 morning letter at six.",
    footer="Channel 4 Ellery, 400 Quay Street, Port Ellery. Public inspection file. Closed captioning.",
    navigation=("Home", "News", "Weather", "Traffic", "Sports", "Live"),
)
ELLERY31 = Outlet(
    id="ellery31",
    name="Ellery 31",
    feed="rss-full",
    feed_path="/feed/",
    signature="Download the Ellery 31 app to get breaking news and weather alerts wherever you are.",
    newsletter="Never miss a story: sign up for Ellery 31 alerts.",
    footer="Ellery 31 is part of Harborlight Stations. Contest rules. Job openings.",
    markup="divs",
)
LEDGER = Outlet(
    id="ledger",
    name="Port Ellery Ledger",
    feed="rss2",
    feed_path="/rss/latest.xml",
    damage=("says-utf8-is-1252",),
    validators="modified",
    signature="The Ledger has been printed in Port Ellery since 1881.",
    newsletter="Subscribers read the Ledger first. Try four weeks for a dollar.",
    footer="Port Ellery Ledger, 12 Cannery Row. Letters are welcome and may be shortened.",
    navigation=("Home", "Local", "Courts", "Waterfront", "Opinion", "Recipes"),
)
VALLEY = Outlet(
    id="valley",
    name="Valley Courier",
    feed="rss092",
    feed_path="/index.rss",
    damage=("odd-dates",),
    group="alder",
    validators="none",
    gzip=False,
    signature="Got a story from the valley? Write to the Courier.",
    footer="Valley Courier, Main Street, Granby Falls.",
    markup="divs",
)
COAST = Outlet(
    id="coast",
    name="Coast Public Radio",
    feed="atom",
    feed_path="/stories/atom.xml",
    article_path="/stories/%Y/%m/%d/{slug}",
    validators="etag",
    signature="Coast Public Radio is paid for by its listeners. Thank you.",
    newsletter="Hear it first: our podcast is out at seven every weekday.",
    footer="Coast Public Radio, 91.3 and 102.7. Annual report. Station map.",
    navigation=("Home", "Stories", "Schedule", "Podcasts", "Support"),
)
COUNCIL = Outlet(
    id="council",
    name="City Council agenda",
    feed="atom-base",
    feed_path="/agendas/feed.atom",
    article_path="/agendas/%Y/%m/%d/{slug}",
    group="government",
    kind="agenda",
    footer="City of Port Ellery, Office of the City Clerk, Room 110.",
    navigation=("Home", "Agendas", "Minutes", "Members", "Contact"),
)
NATIONAL_WIRE = Outlet(
    id="nationalwire",
    name="National Wire",
    feed="json",
    feed_path="/feed.json",
    group="agency",
    signature="National Wire serves 900 newsrooms.",
    footer="National Wire. Republication by members only.",
    navigation=("Home", "Nation", "Economy", "Courts", "Weather"),
)
HARBOR = Outlet(
    id="harbor",
    name="Harbor Post",
    feed="rdf",
    feed_path="/index.rdf",
    link_tail="?utm_source=rss&utm_medium=feed",
    newsletter="The Post by post: a letter from the harbor every Friday.",
    signature="The Harbor Post is free, on paper and here.",
    footer="Harbor Post, Pier 2. Tides and moon on page eight.",
    markup="divs",
)
GRANBY = Outlet(
    id="granby",
    name="Granby Falls Gazette",
    feed="rss091",
    damage=("bare-ampersand",),
    group="alder",
    validators="none",
    signature="The Gazette comes out on Wednesdays & whenever the river floods.",
    footer="Granby Falls Gazette, over the hardware store.",
)
STATEHOUSE = Outlet(
    id="statehouse",
    name="Alder Statehouse Report",
    feed="rss2",
    feed_path="/feed/",
    damage=("blank-lines-first", "undeclared-entity"),
    group="alder",
    signature="Alder Statehouse Report may be republished with credit.",
    footer="Alder Statehouse Report, a newsroom without a printing press.",
)
LA_VOZ = Outlet(
    id="lavoz",
    name="La Voz de Ellery",
    feed="rss2",
    feed_path="/rss.xml",
    damage=("says-utf8-is-latin1",),
    group="es",
    language="es",
    signature="La Voz de Ellery se reparte gratis todos los jueves.",
    footer="La Voz de Ellery, calle Nueve 210.",
    navigation=("Inicio", "Barrio", "Trabajo", "Deportes", "Contacto"),
)
OBSERVER = Outlet(
    id="observer",
    name="Ellery College Observer",
    feed="rss2",
    damage=("shared-guid", "truncated"),
    signature="The Observer is written, edited and delivered by students.",
    footer="Ellery College Observer, basement of the old gym.",
)
NORTHSIDE = Outlet(
    id="northside",
    name="Northside Neighbor",
    feed="atom",
    feed_path="/atom.xml",
    damage=("shared-guid",),
    gzip=False,
    footer="Northside Neighbor is one person and a dog.",
)
SHERIFF = Outlet(
    id="sheriff",
    name="Ellery County Sheriff",
    feed="rss2",
    feed_path="/news/rss",
    article_path="/news/{slug}",
    damage=("no-guid", "odd-dates"),
    group="government",
    kind="release",
    validators="none",
    signature="For emergencies call 911.",
    footer="Ellery County Sheriff, Ferry Road.",
)

OUTLETS = (
    CHANNEL4,
    ELLERY31,
    LEDGER,
    VALLEY,
    COAST,
    COUNCIL,
    NATIONAL_WIRE,
    HARBOR,
    GRANBY,
    STATEHOUSE,
    LA_VOZ,
    OBSERVER,
    NORTHSIDE,
    SHERIFF,
)

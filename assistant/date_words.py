"""The words that dates are written with, language by language, as far as CLDR lacks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DateWords:
    """The date words of a language that CLDR (through Babel) does not have.

    Regular expressions in which a blank stands for any white space and ' for any apostrophe, and {n} for a
    number and its unit ("three days"); the longer alternative first.
    """

    months: str = ""  # twelve further forms, or none
    weekdays: str = ""  # seven further forms, Monday first, or none
    of: str = ""  # between a day and its month, a month and its year
    to: str = ""
    between: tuple[str, str] = ("", "")
    in_month: str = ""
    in_year: str = ""
    year_mark: str = ""
    days: Mapping[int, str] = field(default_factory=dict)  # days from the article's date
    text_days: Mapping[int, str] = field(default_factory=dict)  # days from a day named before
    last: str = ""
    this: str = ""
    next: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    numbers: str = ""  # one to ten
    ago: str = ""
    ahead: str = ""
    later: str = ""
    earlier: str = ""
    future: str = ""  # what makes a weekday, or a day without a year, one to come
    month_first: bool = False
    capitals: bool = False  # months are always written with a capital: "may" is not May


# "Il giorno dopo il voto" hangs on the vote, which is no date.
_IT_EVENT = r"(?!\s(?:il|lo|la|l'|i|gli|le|un|una|che|di|del)\b)"
DATE_WORDS = {
    "it": DateWords(
        of="di|del|dell'",
        to="al|all'|a|fino al",
        between=("tra il|fra il|tra l'|fra l'|tra|fra", "e il|e l'|ed il|e"),
        in_month="a|in|nel|nell'|da|di|entro|dello scorso|lo scorso|del mese di|nel mese di",
        in_year="nel|dal|del|al|fino al|entro il|anno|il",
        days={
            -2: "l'altro ieri|ieri l'altro|altro ieri|altroieri",
            -1: "ieri",
            0: "oggi|odierna|odierno|stamattina|stamane|stamani|stasera|questa mattina|questo pomeriggio|questa sera",
            1: "domani",
            2: "dopodomani",
        },
        text_days={
            -1: f"il giorno prima{_IT_EVENT}|il giorno precedente|la vigilia{_IT_EVENT}",
            0: "lo stesso giorno|nello stesso giorno|quello stesso giorno|quel giorno|in giornata",
            1: f"il giorno dopo{_IT_EVENT}|il giorno seguente|il giorno successivo|l'indomani",
        },
        last="scorso|scorsa|passato|passata",
        this="questo|questa|quest'",
        next="prossimo|prossima",
        units={
            "day": "giorno|giorni",
            "week": "settimana|settimane",
            "month": "mese|mesi",
            "year": "anno|anni",
        },
        numbers="un|uno|una due tre quattro cinque sei sette otto nove dieci",
        ago="{n} fa|{n} or sono",
        ahead="tra {n}|fra {n}",
        later="{n} più tardi|{n} dopo(?=\\s?[,.;:])",
        earlier="{n} prima(?=\\s?[,.;:])",
        future=r"\w(?:rà|ranno)\b|previst[oaie]\b",
    ),
    "en": DateWords(
        of="of|day of",
        to="to|through|until|till",
        between=("between", "and"),
        in_month="in|by|since|until|during|early|late|mid",
        in_year="in|by|since|until|during|of|from|year|early|late|mid",
        days={
            -2: "the day before yesterday",
            -1: "yesterday|last night",
            0: "today|tonight|this morning|this afternoon|this evening",
            1: "tomorrow",
            2: "the day after tomorrow",
        },
        text_days={
            -1: "the day before(?!\\s\\w)|the previous day|a day earlier",
            0: "the same day|that same day|that day|later that day",
            1: "the next day|the following day|the day after(?!\\s\\w)|a day later",
        },
        last="last",
        this="this",
        next="next|coming",
        units={"day": "day|days", "week": "week|weeks", "month": "month|months", "year": "year|years"},
        numbers="a|an|one two three four five six seven eight nine ten",
        ago="{n} ago",
        ahead="{n} from now",
        later="{n} later",
        earlier="{n} earlier",
        future=r"\b(?:will|shall|is to|are to|(?:is|are) (?:due|set|expected|scheduled|slated))\b",
        month_first=True,
        capitals=True,
    ),
    "de": DateWords(
        weekdays="montag dienstag mittwoch donnerstag freitag sonnabend sonntag",
        of="des",
        to="bis|bis zum",
        between=("zwischen dem|zwischen", "und dem|und"),
        in_month="im|seit|ab|bis|Anfang|Mitte|Ende",
        in_year="im Jahr|im Jahre|seit|ab|bis|Anfang|Mitte|Ende|Jahr|von|in",
        days={
            -2: "vorgestern",
            -1: "gestern",
            0: "heute",
            1: "(?-i:morgen)",
            2: "übermorgen",
        },
        text_days={
            -1: "am Vortag|am Tag zuvor|einen Tag zuvor",
            0: "am selben Tag|am gleichen Tag|noch am selben Tag|an diesem Tag|am selben Tage",
            1: "am nächsten Tag|am folgenden Tag|am Tag darauf|einen Tag später|am Folgetag",
        },
        last="letzter|letzten|letzte|letztes|letztem|vergangener|vergangenen|vergangene|vergangenes|vorigen"
        "|vorige|voriges",
        this="dieser|diesen|diese|dieses|diesem",
        next="nächster|nächsten|nächste|nächstes|kommender|kommenden|kommende|kommendes",
        units={
            "day": "Tag|Tage|Tagen",
            "week": "Woche|Wochen",
            "month": "Monat|Monate|Monaten|Monats",
            "year": "Jahr|Jahre|Jahren|Jahres",
        },
        numbers="ein|eine|einem|einer|einen zwei drei vier fünf sechs sieben acht neun zehn",
        ago="vor {n}",
        later="{n} später|{n} danach|{n} darauf",
        earlier="{n} zuvor|{n} früher",
        future=r"\b(?:wird|werden|soll|sollen)\b",
        capitals=True,
    ),
    "fr": DateWords(
        of="de",
        to="au|à|jusqu'au",
        between=("entre le|entre", "et le|et"),
        in_month="en|de|depuis|fin|début|mi|courant|au mois de",
        in_year="en|de|depuis|fin|début|année|l'an",
        days={
            -2: "avant-hier",
            -1: "hier",
            0: "aujourd'hui|ce matin|cet après-midi|ce soir",
            1: "demain",
            2: "après-demain",
        },
        text_days={
            -1: "la veille(?!\\sd)|le jour précédent|le jour d'avant",
            0: "le même jour|ce jour-là|le jour même",
            1: "le lendemain(?!\\sd)|le jour suivant|le jour d'après",
        },
        last="dernier|dernière|passé|passée",
        this="ce|cet|cette",
        next="prochain|prochaine",
        units={
            "day": "jour|jours",
            "week": "semaine|semaines",
            "month": "mois",
            "year": "an|ans|année|années",
        },
        numbers="un|une deux trois quatre cinq six sept huit neuf dix",
        ago="il y a {n}",
        ahead="dans {n}",
        later="{n} plus tard|{n} après(?=\\s?[,.;:])",
        earlier="{n} plus tôt|{n} auparavant",
        future=r"\b(?:sera|seront|aura|auront|ira|iront|devra|devront|pourra|pourront|va|vont|prévue?s?)\b",
    ),
    "es": DateWords(
        months="enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
        of="de|del",
        to="al|a|hasta el",
        between=("entre el|entre", "y el|y"),
        in_month="en|de|desde|hasta|a finales de|a principios de",
        in_year="en|de|desde|hasta|del|año|a finales de|a principios de",
        days={
            -2: "anteayer|antier",
            -1: "ayer|anoche",
            0: "hoy|esta mañana|esta tarde|esta noche",
            1: r"(?<!\bla\s)(?<!\besta\s)mañana",
            2: "pasado mañana",
        },
        text_days={
            -1: "el día anterior|la víspera(?!\\sd)|un día antes",
            0: "el mismo día|ese mismo día|ese día|aquel día|este mismo día",
            1: "al día siguiente|el día siguiente|un día después(?!\\sd)",
        },
        last="pasado|pasada|último|última",
        this="este|esta",
        next="próximo|próxima|que viene",
        units={"day": "día|días", "week": "semana|semanas", "month": "mes|meses", "year": "año|años"},
        numbers="un|una dos tres cuatro cinco seis siete ocho nueve diez",
        ago="hace {n}",
        ahead="dentro de {n}",
        later="{n} más tarde|{n} después(?!\\sd)",
        earlier="{n} antes(?!\\sd)",
        future=r"\w(?:rá|rán)\b|\bva a\b|\bvan a\b|previst[oa]s?\b",
    ),
    "pt": DateWords(
        of="de|do",
        to="a|ao|até|até o",
        between=("entre os dias|entre o|entre", "e o|e"),
        in_month="em|de|desde|até|no final de|no início de|no mês de",
        in_year="em|de|desde|até|ano|no final de|no início de",
        days={
            -2: "anteontem",
            -1: "ontem",
            0: "hoje|esta manhã|nesta manhã|esta noite|nesta noite",
            1: "amanhã",
            2: "depois de amanhã",
        },
        text_days={
            -1: "no dia anterior|na véspera(?!\\sd)|um dia antes",
            0: "no mesmo dia|o mesmo dia|nesse dia|naquele dia|nesse mesmo dia|neste mesmo dia",
            1: "no dia seguinte|o dia seguinte|um dia depois(?!\\sd)",
        },
        last="passado|passada|último|última",
        this="este|esta|neste|nesta",
        next="próximo|próxima|que vem",
        units={"day": "dia|dias", "week": "semana|semanas", "month": "mês|meses", "year": "ano|anos"},
        numbers="um|uma dois|duas três quatro cinco seis sete oito nove dez",
        ago="há {n}|{n} atrás",
        ahead="daqui a {n}|dentro de {n}",
        later="{n} mais tarde|{n} depois(?!\\sd)",
        earlier="{n} antes(?!\\sd)",
        future=r"\w(?:rá|rão)\b|\bvai\b|\bvão\b|previst[oa]s?\b",
    ),
    "nl": DateWords(
        of="van",
        to="tot|tot en met|t/m",
        between=("tussen", "en"),
        in_month="in|sinds|vanaf|tot|eind|begin|medio",
        in_year="in|sinds|vanaf|tot|eind|begin|medio|van|jaar",
        days={
            -2: "eergisteren",
            -1: "gisteren|gisteravond|gistermiddag|gisterochtend|vannacht",
            0: "vandaag|vanochtend|vanmorgen|vanmiddag|vanavond",
            1: r"(?<!\bde\s)morgen",
            2: "overmorgen",
        },
        text_days={
            -1: "de dag ervoor|de vorige dag|een dag eerder",
            0: "dezelfde dag|diezelfde dag|die dag",
            1: "de volgende dag|de dag erna|een dag later|de dag daarna",
        },
        last="vorige|vorig|afgelopen|laatste",
        this="deze|dit",
        next="volgende|volgend|komende|komend|aanstaande",
        units={"day": "dag|dagen", "week": "week|weken", "month": "maand|maanden", "year": "jaar|jaren"},
        numbers="een|één twee drie vier vijf zes zeven acht negen tien",
        ago="{n} geleden",
        ahead="over {n}",
        later="{n} later|{n} daarna",
        earlier="{n} eerder|{n} ervoor",
        future=r"\b(?:zal|zullen|gaat|gaan)\b",
    ),
    "nb": DateWords(
        of="i",
        to="til|til og med",
        between=("mellom", "og"),
        in_month="i|siden|fra|til",
        in_year="i|siden|fra|til|året",
        days={
            -2: "i forgårs",
            -1: "i går",
            0: "i dag|i kveld|i natt|i morges",
            1: "i morgen",
            2: "i overmorgen",
        },
        text_days={
            -1: "dagen før(?!\\s\\w)|dagen i forveien",
            0: "samme dag|den samme dagen|den dagen",
            1: "dagen etter(?!\\s\\w)|neste dag",
        },
        last="forrige|sist|siste",
        this="denne|dette",
        next="neste|kommende|førstkommende",
        units={"day": "dag|dager", "week": "uke|uker", "month": "måned|måneder", "year": "år"},
        numbers="en|én|et|ett to tre fire fem seks sju|syv åtte ni ti",
        ago="for {n} siden",
        ahead="om {n}",
        later="{n} senere",
        earlier="{n} tidligere",
        future=r"\b(?:skal|vil)\b",
    ),
    "ru": DateWords(
        months="январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
        weekdays="понедельника вторника среду четверга пятницу субботу воскресенья",
        to="по|до",
        between=("между", "и"),
        in_month="в|с|к|до|по",
        in_year="в|с|к|до",
        year_mark=r"года|году|год|г\.",
        days={-2: "позавчера", -1: "вчера", 0: "сегодня", 1: "завтра", 2: "послезавтра"},
        text_days={
            -1: "накануне|днём ранее|днем ранее|за день до этого",
            0: "в тот же день|тогда же|в этот же день|в этот день",
            1: "на следующий день|днём позже|днем позже|день спустя",
        },
        last="прошлый|прошлой|прошлую|прошлом|прошлого|минувший|минувшей|минувшую|минувшем",
        this="этот|эту|этой|этом|этого",
        next="следующий|следующей|следующую|следующем|следующего|будущий|будущей|будущем|ближайший|ближайшую",
        units={
            "day": "день|дня|дней",
            "week": "неделя|неделю|недели|недель|неделе",
            "month": "месяц|месяца|месяцев|месяце",
            "year": "год|года|лет|году",
        },
        numbers="один|одну два|две три четыре пять шесть семь восемь девять десять",
        ago="{n} назад|{n} тому назад",
        ahead="через {n}",
        later="{n} спустя|спустя {n}",
        earlier="{n} ранее|за {n} до этого",
        future=r"\b(?:будет|будут|состоится|состоятся|пройд[её]т|пройдут)\b",
    ),
    "uk": DateWords(
        months="січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",
        weekdays="понеділка вівторка середу четверга п'ятницю суботу неділю",
        to="по|до",
        between=("між", "і|та"),
        in_month="у|в|з|із|від|до|по",
        in_year="у|в|з|із|від|до",
        year_mark=r"року|році|рік|р\.",
        days={-2: "позавчора", -1: "вчора|учора", 0: "сьогодні", 1: "завтра", 2: "післязавтра"},
        text_days={
            -1: "напередодні|днем раніше|попереднього дня",
            0: "того ж дня|того самого дня|цього ж дня|в той же день|у той же день|в той самий день",
            1: "наступного дня|днем пізніше",
        },
        last="минулий|минулої|минулу|минулого|минулому",
        this="цей|цю|цієї|цього|цьому",
        next="наступний|наступної|наступну|наступного|наступному|найближчий",
        units={
            "day": "день|дні|днів|дня",
            "week": "тиждень|тижні|тижнів|тижня|тижні",
            "month": "місяць|місяці|місяців|місяця",
            "year": "рік|роки|років|року|році",
        },
        numbers="один|одну два|дві три чотири п'ять шість сім вісім дев'ять десять",
        ago="{n} тому",
        ahead="через {n}",
        later="{n} потому|через {n} після цього",
        earlier="{n} раніше",
        future=r"\b(?:буде|будуть|відбудеться|відбудуться|пройде|пройдуть)\b",
    ),
}
DATE_WORDS["no"] = DATE_WORDS["nn"] = DATE_WORDS["nb"]

"""Pages that stand where an article should be: errors, checks for robots, cookie banners, paywalls."""

import re

from index.errors import Unreadable

# A page with more words than these holds an article, whatever else it says; so does one with more letters in scripts
# that write no spaces.
ERROR_WORDS, WALL_WORDS, PAID_WORDS = 90, 160, 60
LETTERS_A_WORD = 5

# Of a title, or of a first line, from its beginning, in many languages. Short ones must be all there is: "Access denied
# to aid workers" is a headline.
_ERROR = re.compile(
    r"\W*(?:(?:error|http(?: status)?|fehler|erreur|errore|ошибка|помилка|błąd|erro|fout|hata|fel|chyba|hiba|"
    r"エラー|오류)\W*)?"
    r"(?:(?:4\d\d|50\d)(?=\W*$|\W+(?:error|not found|forbidden|unauthori[sz]ed|bad|internal|service|gateway|"
    r"too many|gone|"
    r"page|seite|pagina|página|страница|сторінк|fehler|erreur|errore|ошибка|помилка))|"
    r"(?:not found|forbidden|access (?:to this page has been )?denied|bad gateway|"
    r"service (?:temporarily )?unavailable|"
    r"gateway time-?out|internal server error|too many requests|zugriff verweigert|accès (?:refusé|interdit)|"
    r"accesso negato|acceso denegado|acesso negado|toegang geweigerd|доступ (?:запрещ[её]н|закрыт|заборонено)|"
    r"brak dostępu)(?=\W*$|\s*[|–—:.!-])|"
    r"page (?:not found|unavailable|no longer exists)|(?:oops|sorry|whoops)\W.{0,40}(?:\bpage\b|"
    r"something went wrong)|"
    r"this page (?:could not|can(?:no|')t|does(?:n't| not)|isn't)|"
    r"seite (?:wurde )?nicht gefunden|(?:diese )?seite (?:existiert nicht|ist nicht verfügbar)|"
    r"page (?:introuvable|non trouvée|inexistante)|cette page n'existe|"
    r"pagina non (?:trovata|disponibile|esiste)|página no (?:encontrada|disponible|existe)|"
    r"página não (?:encontrada|existe)|pagina niet gevonden|страница не (?:найдена|существует)|"
    r"сторінк[ау] не (?:знайдено|існує)|nie znaleziono strony|strona nie (?:istnieje|została znaleziona)|"
    r"sid(?:an|en) (?:hittades inte|kunde inte hittas|finns inte|ikke fundet|blev ikke fundet|finnes ikke|"
    r"ble ikke funnet)|"
    r"sivua ei löyt|stránka (?:nebyla nalezena|nenalezena|neexistuje|sa nenašla)|az oldal nem található|"
    r"pagina nu (?:a fost găsită|există)|sayfa bulunamadı|η σελίδα δεν (?:βρέθηκε|υπάρχει)|הדף לא נמצא|"
    r"الصفحة غير موجودة|页面(?:不存在|未找到|没有找到)|找不到(?:页面|頁面|网页|網頁)|ページが見つかりません|"
    r"페이지를 찾을 수 없)",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|verif(?:y|ying) (?:that )?you are (?:a )?human|"
    r"checking (?:if the site connection is secure|your browser)|pardon our interruption|"
    r"(?:enable|turn on) javascript and cookies|captcha|not a robot|ddos protection|"
    r"kein(?:e)? roboter|sind sie ein mensch|überprüfung.{0,30}mensch|"
    r"pas un robot|êtes(?:-vous)? (?:un )?humain|non sei un robot|sei umano|no (?:eres|es|soy) un robot|eres humano|"
    r"não é um robô|você é humano|не робот|вы (?:человек|не бот)|ви (?:людина|не робот)|nie jesteś robotem|"
    r"geen robot|"
    r"确认您(?:是真人|不是机器人)|人机验证|安全验证|ロボットではありません|로봇이 아닙니다",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"cookies?\b|consent|privacy|datenschutz|einwilligung|zustimm|confidentialité|consentement|consenso|privacidad|"
    r"consentimiento|куки|конфиденциальност|конфіденційн|згод|ciasteczk|zgod[aęy]|prywatno|toestemming|"
    r"samtycke|samtykke|souhlas|çerez|クッキー|プライバシー|隐私|쿠키",
    re.IGNORECASE,
)
_ACCEPT = re.compile(
    r"\b(?:accept|agree|akzeptier|zustimmen|accepte|j'accepte|accett|acept|aceit|соглас|прин(?:ять|има)|прийня|"
    r"погодж|"
    r"akceptuj|zgadzam|godkänn|godta|accepter|souhlas|kabul)|同意|接受|동의",
    re.IGNORECASE,
)
_WE = re.compile(
    r"\b(?:we|our|wir|unsere?\w*|nous|nos|noi|nostri|usiamo|utilizziamo|utilizamos|usamos|nuestr\w+|nossos?|мы|"
    r"наши\w*|"
    r"используем|ми|наші|використовуємо|używamy|nasi|wij|onze|vi|våra|vores|våre|používáme|kullanıyoruz)\b|当社|我们|우리",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"(?:subscribe|sign (?:in|up)|log in|register|become a (?:member|subscriber))\b.{0,40}\bto (?:continue|keep|"
    r"read|unlock)|"
    r"(?:to (?:continue|keep) reading|continue reading)\b.{0,60}\b(?:subscri|sign|log|regist|account|member)|"
    r"this (?:article|story|content) is (?:only |exclusively )?(?:for|available to) (?:our )?(?:subscribers|members)|"
    r"(?:for|exclusive to) subscribers only|already a (?:subscriber|member)\?|subscriber[- ]only|"
    r"(?:weiterlesen|lesen sie weiter).{0,60}(?:abo|anmeld|registr)|(?:abo|anmeld\w*|"
    r"registrier\w*).{0,40}weiter(?:zu)?lesen|"
    r"(?:nur|exklusiv) für abonnent|(?:article|contenu) (?:est )?réservé (?:à nos |aux )?abonnés|"
    r"(?:abonnez|connectez|inscrivez)-vous pour (?:lire|continuer|accéder)|il vous reste.{0,40}à (?:lire|découvrir)|"
    r"(?:abbonati|accedi|registrati) (?:per|e) (?:continu|legg)|(?:contenuto|"
    r"articolo) (?:è )?riservato agli abbonati|"
    r"(?:suscríbete|suscribirse|regístrate|inicia sesión) para (?:seguir|continuar|leer)|(?:contenido|"
    r"artículo) (?:exclusivo|solo) para "
    r"suscriptores|(?:assine|faça login|cadastre-se) para (?:continuar|ler)|(?:conteúdo )?exclusivo para assinantes|"
    r"(?:оформите|оформить) подписку|(?:доступ\w*|материал) только (?:для )?подписчик|чтобы (?:читать дальше|"
    r"продолжить чтение)|"
    r"(?:оформіть|оформити) передплату|(?:лише|тільки) для передплатник|щоб (?:читати далі|продовжити читання)|"
    r"(?:wykup|kup) (?:subskrypcję|dostęp|prenumeratę)|(?:tylko|wyłącznie) dla (?:prenumeratorów|subskrybentów)|"
    r"(?:word abonnee|log in|neem een abonnement).{0,30}(?:om|lees) |alleen voor abonnees|"
    r"(?:logga in|bli prenumerant|logg inn|bli abonnent|log ind|bliv abonnent).{0,40}(?:läs|les|læs)|"
    r"pouze pro předplatitele|odemkněte|(?:会员|會員|订阅|訂閱).{0,8}(?:阅读|閱讀|全文)|有料会員|会員限定|구독자 전용",
    re.IGNORECASE,
)


def refuse_walls(title: str, text: str, is_paid: bool = False) -> None:
    """Raise Unreadable for a page that says in few words why it holds no article, or no more than its beginning.

    `is_paid` is whether the page itself says that its article is not free.
    """
    word_count = max(len(text.split()), sum(map(str.isalpha, text)) // LETTERS_A_WORD // 2)
    if word_count > WALL_WORDS:
        return
    lines = [line for line in text.split("\n") if line.strip()]
    if word_count <= ERROR_WORDS and any(_ERROR.match(line) for line in (title, *lines[:2])):
        raise Unreadable("it is the page of an error, not of an article; save the article again")
    is_short = word_count <= ERROR_WORDS
    if is_short and (_ROBOT.match(title) or len({found.casefold() for found in _ROBOT.findall(text)}) > 1):
        raise Unreadable("it is a check for robots, not an article; save the article again")
    told = [line for line in lines if _COOKIES.search(line)]
    asks = _ACCEPT.search(text) and _WE.search(text) and len(_COOKIES.findall(text)) > 2
    if asks and 2 * sum(map(len, told)) > sum(map(len, lines)):
        raise Unreadable("it is a question about cookies, not an article; save the page after answering it")
    if _PAYWALL.search(text) or (is_paid and word_count <= PAID_WORDS):
        raise Unreadable("it holds only the beginning of an article that must be paid for; save the whole article")

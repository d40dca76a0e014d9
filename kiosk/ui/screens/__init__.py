"""Which screen shows which step: one table, so that a step without a screen cannot be forgotten."""

from kiosk.flows.bringing_in import BringingIn
from kiosk.flows.card_steps import CardLaid, HoldingAlready, LayingCard, OfferingPriority, ReadingForNumber
from kiosk.flows.desk_steps import DeskDevices, DeskNumber, DeskPicking, DeskTyping, DeskUpkeep
from kiosk.flows.notice_steps import ConsideringItem, DeskTelling, GuideGroups, GuideItems, ShowingGuide
from kiosk.flows.panel_steps import (
    PanelAdding,
    PanelHeld,
    PanelMore,
    PanelPicking,
    PanelSending,
    PanelStaying,
    PanelSure,
)
from kiosk.flows.proxy_steps import (
    DeskProxy,
    ProxyAsking,
    ProxyChoosing,
    ProxyFetching,
    ProxyNotice,
    ProxyOtherCard,
    ProxyOwnCard,
    ProxyReadingOther,
    ProxyReadingOwn,
    ProxyStopped,
    ProxyWaiting,
)
from kiosk.flows.rating_words import AskingReasons
from kiosk.flows.slip_steps import LookingUpSlip, StrangeCode, TellingSlip
from kiosk.flows.steps import (
    Apology,
    AskingRating,
    CardTrouble,
    CheckingPin,
    ChoosingForm,
    ChoosingGroup,
    ChoosingItem,
    DeskGranting,
    DeskIssued,
    DeskIssuing,
    DeskReady,
    DisplayShowing,
    EnteringPin,
    Farewell,
    Fetching,
    Home,
    Issuing,
    Notice,
    NotReady,
    PanelAsking,
    PanelCalling,
    PanelReady,
    PanelServing,
    RatingIdle,
    RatingThanks,
    ReadingCard,
    ShowingStatement,
    ShowingTicket,
    SigningIn,
    StillThere,
    WaitingForCard,
)
from kiosk.flows.words import Step
from kiosk.ui.screens import proxy
from kiosk.ui.screens.bringing_in import bringing_in
from kiosk.ui.screens.by_card import holding_already, laying_card, offering_priority, reading_for_number
from kiosk.ui.screens.cards import card_trouble, checking_pin, entering_pin, fetching, reading_card, waiting_for_card
from kiosk.ui.screens.desk import desk
from kiosk.ui.screens.desk_upkeep import upkeep
from kiosk.ui.screens.display import display
from kiosk.ui.screens.enquiry import choosing_form, notice
from kiosk.ui.screens.guides import considering_item, guide_groups, guide_items, showing_guide
from kiosk.ui.screens.laid_card import card_laid
from kiosk.ui.screens.panel import panel
from kiosk.ui.screens.panel_numbers import held, picking
from kiosk.ui.screens.panel_sheets import adding, sending, sure
from kiosk.ui.screens.panel_staying import staying
from kiosk.ui.screens.parting import apology, farewell, still_there
from kiosk.ui.screens.rating import asking_rating, rating_idle, rating_thanks
from kiosk.ui.screens.rating_reasons import asking_reasons
from kiosk.ui.screens.signing import signing_in
from kiosk.ui.screens.slip import looking_up, strange_code, telling_slip
from kiosk.ui.screens.statement import showing_statement
from kiosk.ui.screens.taking import choosing_group, choosing_item, issuing
from kiosk.ui.screens.ticket import showing_ticket
from kiosk.ui.screens.welcome import home, not_ready
from kiosk.ui.widgets.painter import Compose

TABLE: dict[type[Step], Compose] = {
    NotReady: not_ready,
    Home: home,
    ChoosingGroup: choosing_group,
    ChoosingItem: choosing_item,
    GuideGroups: guide_groups,
    GuideItems: guide_items,
    ShowingGuide: showing_guide,
    ConsideringItem: considering_item,
    CardLaid: card_laid,
    LayingCard: laying_card,
    ReadingForNumber: reading_for_number,
    OfferingPriority: offering_priority,
    Issuing: issuing,
    HoldingAlready: holding_already,
    ShowingTicket: showing_ticket,
    LookingUpSlip: looking_up,
    TellingSlip: telling_slip,
    StrangeCode: strange_code,
    ChoosingForm: choosing_form,
    Notice: notice,
    WaitingForCard: waiting_for_card,
    ReadingCard: reading_card,
    CardTrouble: card_trouble,
    EnteringPin: entering_pin,
    CheckingPin: checking_pin,
    Fetching: fetching,
    ShowingStatement: showing_statement,
    ProxyNotice: proxy.proxy_notice,
    ProxyOwnCard: proxy.own_card,
    ProxyReadingOwn: proxy.reading,
    ProxyOtherCard: proxy.other_card,
    ProxyReadingOther: proxy.reading,
    ProxyAsking: proxy.asking,
    ProxyWaiting: proxy.waiting,
    ProxyChoosing: proxy.choosing,
    ProxyFetching: proxy.fetching,
    ProxyStopped: proxy.stopped,
    StillThere: still_there,
    Apology: apology,
    Farewell: farewell,
    SigningIn: signing_in,
    DeskReady: desk,
    DeskGranting: desk,
    DeskIssuing: desk,
    DeskIssued: desk,
    DeskTyping: desk,
    DeskNumber: desk,
    DeskPicking: desk,
    DeskDevices: desk,
    DeskUpkeep: upkeep,
    DeskProxy: desk,
    DeskTelling: desk,
    PanelReady: panel,
    PanelAsking: panel,
    PanelCalling: panel,
    PanelServing: panel,
    PanelMore: panel,
    PanelStaying: staying,
    PanelSure: sure,
    PanelSending: sending,
    PanelAdding: adding,
    PanelPicking: picking,
    PanelHeld: held,
    BringingIn: bringing_in,
    RatingIdle: rating_idle,
    AskingRating: asking_rating,
    AskingReasons: asking_reasons,
    RatingThanks: rating_thanks,
    DisplayShowing: display,
}

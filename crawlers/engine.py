"""Scrapy's settings for one visit: what is off, what is checked, what is capped."""

from __future__ import annotations

from crawlers.frames import Job

__all__ = ["scrapy_settings"]

_MIDDLEWARES = "scrapy.downloadermiddlewares"
_EXTENSIONS = "scrapy.extensions"
Setting = bool | int | float | str | list[str] | dict[str, str | int | None] | None


def scrapy_settings(job: Job) -> dict[str, Setting]:
    """Return the settings of a crawl.

    Off: consoles, cookies, caches, exports, referrers, proxies, retries of the framework's own, and all
    logging, because its messages quote pages. Only http and https, certificates verified, bodies capped
    before and after unpacking. Pace and robots.txt are ours (polite.py): the framework's fail open.
    """
    return {
        **_switched_off(),
        "USER_AGENT": job.user_agent,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"},
        "PRIVATE_HOSTS": job.private_hosts,
        "DOWNLOAD_MAXSIZE": job.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": job.timeout_s,
        "DNS_TIMEOUT": job.timeout_s,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "REDIRECT_MAX_TIMES": 5,
        "DEPTH_LIMIT": 60,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "URLLENGTH_LIMIT": 2000,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TWISTED_DNS_RESOLVER": "crawlers.resolver.PublicResolver",
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.polite.MayAsk": 60,
            "crawlers.polite.Pace": 950,
            f"{_MIDDLEWARES}.robotstxt.RobotsTxtMiddleware": None,
            f"{_MIDDLEWARES}.offsite.OffsiteMiddleware": None,
        },
        "EXTENSIONS": {
            f"{_EXTENSIONS}.{name}": None
            for name in (
                "telnet.TelnetConsole", "remote_control.RemoteControl", "memusage.MemoryUsage", "logstats.LogStats",
                "feedexport.FeedExporter", "spiderstate.SpiderState", "throttle.AutoThrottle", "logcount.LogCount",
            )
        },
    }  # fmt: skip


def _switched_off() -> dict[str, Setting]:
    off = (
        "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPCACHE_ENABLED",
        "HTTPPROXY_ENABLED", "METAREFRESH_ENABLED", "REFERER_ENABLED", "RETRY_ENABLED",
        "ROBOTSTXT_OBEY", "AUTOTHROTTLE_ENABLED", "LOG_ENABLED", "LOG_STDOUT",
        "STATS_DUMP", "MEMUSAGE_ENABLED", "DNSCACHE_ENABLED",
    )  # fmt: skip
    return dict.fromkeys(off, False)

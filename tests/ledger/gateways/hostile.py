"""Transforms that mean harm, each with the words of the limit that ends it."""

MEMORY = "more than the 256 MB of memory"
NO_FILES, NO_NETWORK = "a transform has no files", "a transform has no network"

# What is tried, by language and name, and the words of the limit that ends it.
HOSTILE = [
    ("JS", "loops", "function transform() { while (true) {} }", "ran longer than 4 seconds"),
    (
        "JS",
        "catastrophic pattern",
        "function transform() { return /^(a+)+$/.test('a'.repeat(40) + 'b') }",
        "ran longer than 4 seconds",
    ),
    (
        "JS",
        "eats memory",
        "function transform() { const held = []; while (true) held.push(new Array(1e6).fill(1)) }",
        MEMORY,
    ),
    ("JS", "grows text", "function transform() { let text = 'a'; while (true) text += text }", MEMORY),
    (
        "JS",
        "takes buffers",
        "function transform() { const held = []; while (true) held.push(new Uint8Array(1e8).fill(1)) }",
        MEMORY,
    ),
    (
        "JS",
        "takes pages",
        "function transform() { new WebAssembly.Memory({ initial: 60000 }); return '' }",
        MEMORY,
    ),
    ("JS", "answers too much", "function transform() { return 'x'.repeat(34e6) }", "more than the 32 MB"),
    ("JS", "calls itself", "function transform() { return transform() }", "Maximum call stack size"),
    ("JS", "reads a file", "function transform() { return require('fs').readFileSync('/x') }", NO_FILES),
    ("JS", "imports", "async function transform() { return import('fs') }", "does not answer text"),
    ("JS", "asks the process", "function transform() { return process.env.PATH }", NO_FILES),
    ("JS", "asks the network", "function transform() { return fetch('http://127.0.0.1:1/') }", NO_NETWORK),
    ("JS", "asks the clock", "function transform() { return String(new Date()) }", "has no clock"),
    ("JS", "asks the clock's maker", "function transform() { return '' + Date.now() }", "has no clock"),
    (
        "JS",
        "asks a day's clock",
        "function transform() { return '' + new (new Date(0).constructor)() }",
        "has no clock",
    ),
    ("JS", "formats now", "function transform() { return Intl.DateTimeFormat().format() }", "not a function"),
    ("JS", "asks chance", "function transform() { return '' + Math.random() }", "has no chance"),
    (
        "XSLT",
        "loops",
        """<xsl:template match="/">
        <xsl:variable name="a" select="str:tokenize(str:padding(9999, 'a '), ' ')"/>
        <xsl:for-each select="$a"><xsl:for-each select="$a"><xsl:for-each select="$a">
        <xsl:if test="false()">x</xsl:if></xsl:for-each></xsl:for-each></xsl:for-each></xsl:template>""",
        "seconds",
    ),
    (
        "XSLT",
        "calls itself",
        """<xsl:template match="/"><xsl:call-template name="x"/></xsl:template>
        <xsl:template name="x"><xsl:call-template name="x"/></xsl:template>""",
        "without end",
    ),
    (
        "XSLT",
        "grows text",
        """<xsl:template match="/"><xsl:call-template name="x">
        <xsl:with-param name="t" select="'aaaa'"/></xsl:call-template></xsl:template>
        <xsl:template name="x"><xsl:param name="t"/>
        <xsl:call-template name="x"><xsl:with-param name="t" select="concat($t, $t)"/></xsl:call-template>
        </xsl:template>""",
        MEMORY,
    ),
    (
        "XSLT",
        "multiplies",
        """<xsl:template match="/"><xsl:variable name="b" select="str:padding(10000, 'b')"/><o>
        <xsl:for-each select="str:tokenize(str:padding(80000, 'a '), ' ')"><xsl:value-of select="$b"/>
        </xsl:for-each></o></xsl:template>""",
        MEMORY,
    ),
    (
        "XSLT",
        "answers too much",
        """<xsl:template match="/"><o><xsl:for-each select="str:tokenize(str:padding(7000, 'a '), ' ')">
        <xsl:value-of select="str:padding(10000, 'b')"/></xsl:for-each></o></xsl:template>""",
        "more than the 32 MB",
    ),
    ("XSLT", "includes a file", '<xsl:include href="/etc/passwd"/>', NO_FILES),
    ("XSLT", "imports a file", '<xsl:import href="file:///etc/passwd"/>', NO_FILES),
    (
        "XSLT",
        "reads a file",
        """<xsl:template match="/"><xsl:copy-of select="document('/etc/passwd')"/></xsl:template>""",
        NO_FILES,
    ),
    (
        "XSLT",
        "writes a file",
        '<xsl:template match="/"><exsl:document href="written.txt">x</exsl:document></xsl:template>',
        NO_FILES,
    ),
    (
        "XSLT",
        "asks the network",
        """<xsl:template match="/"><xsl:copy-of select="document('http://127.0.0.1:1/')"/></xsl:template>""",
        NO_NETWORK,
    ),
    ("XSLT", "imports from the network", '<xsl:import href="http://127.0.0.1:1/x"/>', NO_NETWORK),
]

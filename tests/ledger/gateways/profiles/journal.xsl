<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="no"/>
  <xsl:template match="/gl-batch">
    <journal id="{batch/@number}" total="{trailer/@functional_debit}">
      <xsl:for-each select="line">
        <row account="{segment[1]}" currency="{@currency}" debit="{@debit}" credit="{@credit}"/>
      </xsl:for-each>
    </journal>
  </xsl:template>
</xsl:stylesheet>

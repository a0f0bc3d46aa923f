<?xml version="1.0" encoding="UTF-8"?>
<!--
  SchXslt stops a whole validation at the first dynamic error. To compare every assert, each is put in a try of its own:
  an assert that errs becomes a failed assert with the code of the error, and the others go on. Nothing else is changed.
-->
<xsl:stylesheet version="3.0"
  xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:out="http://www.w3.org/1999/XSL/TransformAlias"
  xmlns:svrl="http://purl.oclc.org/dsdl/svrl">

  <xsl:namespace-alias stylesheet-prefix="out" result-prefix="xsl"/>
  <xsl:mode on-no-match="shallow-copy"/>

  <xsl:template match="xsl:if[.//svrl:failed-assert]">
    <xsl:variable name="assert" select="(.//svrl:failed-assert)[1]"/>
    <out:try>
      <out:if test="{@test}">
        <svrl:failed-assert id="{$assert/@id}">
          <out:attribute name="location" select="path()"/>
        </svrl:failed-assert>
      </out:if>
      <out:catch>
        <svrl:failed-assert id="{$assert/@id}" error="{{local-name-from-QName($Q{{http://www.w3.org/2005/xqt-errors}}code)}}">
          <out:attribute name="location" select="path()"/>
        </svrl:failed-assert>
      </out:catch>
    </out:try>
  </xsl:template>
</xsl:stylesheet>

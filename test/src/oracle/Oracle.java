import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import net.sf.saxon.lib.FeatureKeys;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.XdmAtomicValue;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import net.sf.saxon.value.DateTimeValue;

/**
 * Judges documents as others do: rules by Saxon and SchXslt, schemas by the Xerces of the JDK. One process serves a whole
 * suite: a line in, fields separated by tabs; lines out, ended by a line with a dot, or by one that begins with "!".
 */
public final class Oracle {
  private static final String SVRL = "http://purl.oclc.org/dsdl/svrl";
  private static final String SCHXSLT = "http://dmaus.name/ns/2023/schxslt";

  private final Processor processor = new Processor(false);
  private final Map<String, XsltExecutable> rules = new HashMap<>();
  private final Map<String, Schema> schemas = new HashMap<>();
  private final String home;
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private XsltExecutable transpiler;
  private XsltExecutable instrumenter;

  private Oracle(String home) {
    this.home = home;
    // Patterns that err are patterns that do not match: the warnings about it are as many as nodes.
    processor.getUnderlyingConfiguration().setConfigurationProperty(FeatureKeys.RECOVERY_POLICY_NAME, "recoverSilently");
  }

  public static void main(String[] arguments) throws Exception {
    new Oracle(arguments[0]).serve();
  }

  private void serve() throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        answer(line.split("\t", -1));
        out.print(".\n");
      } catch (Exception error) {
        out.print("!" + String.valueOf(error.getMessage()).replaceAll("\\s+", " ") + "\n");
      }
      out.flush();
    }
  }

  private void answer(String[] fields) throws Exception {
    switch (fields[0]) {
      case "transpile" -> transpile(fields[1], fields[2], fields[3], fields[4].equals("each"));
      case "rules" -> rules.put(fields[1], compiler().compile(new StreamSource(new File(fields[2]))));
      case "forget" -> rules.remove(fields[1]);
      case "run" -> run(rules.get(fields[1]), fields[2], fields[3]);
      case "unpack" -> unpack(fields[1], fields[2], fields[3]);
      case "schema" -> schemas.put(fields[1], schema(fields[2]));
      case "validate" -> validate(schemas.get(fields[1]), fields[2]);
      default -> throw new IllegalArgumentException("no command " + fields[0]);
    }
  }

  private XsltCompiler compiler() {
    XsltCompiler compiler = processor.newXsltCompiler();
    compiler.setErrorList(new ArrayList<>());
    return compiler;
  }

  /** Writes the stylesheet of a phase; with `each`, every assert is evaluated on its own. */
  private void transpile(String schema, String phase, String target, boolean each) throws Exception {
    if (transpiler == null) {
      XsltCompiler compiler = compiler();
      for (String report : new String[] {"report-active-pattern", "report-fired-rule", "report-suppressed-rule"}) {
        compiler.setParameter(new QName(SCHXSLT, report), new XdmAtomicValue(false));
      }
      transpiler = compiler.compile(
          new StreamSource(Oracle.class.getResourceAsStream("/content/transpile.xsl"), "file:/transpile.xsl"));
      instrumenter = compiler().compile(new StreamSource(new File(home, "instrument.xsl")));
    }
    XdmDestination transpiled = new XdmDestination();
    Xslt30Transformer transformer = transpiler.load30();
    transformer.setStylesheetParameters(Map.of(new QName(SCHXSLT, "phase"), new XdmAtomicValue(phase)));
    XdmNode source = processor.newDocumentBuilder().build(new File(schema));
    transformer.setGlobalContextItem(source);
    transformer.applyTemplates(source, transpiled);
    if (each) {
      instrumenter.load30().applyTemplates(transpiled.getXdmNode(), processor.newSerializer(new File(target)));
    } else {
      processor.newSerializer(new File(target)).serializeNode(transpiled.getXdmNode());
    }
  }

  /** One line a failed assert: id, location, error code or nothing. */
  private void run(XsltExecutable executable, String now, String document) throws Exception {
    XdmNode source = processor.newDocumentBuilder().build(new StreamSource(bytes(document)));
    Xslt30Transformer transformer = executable.load30();
    transformer.setGlobalContextItem(source);
    transformer.setErrorReporter(error -> { });
    transformer.getUnderlyingController().setCurrentDateTime(DateTimeValue.fromZonedDateTime(ZonedDateTime.parse(now)));
    XdmDestination result = new XdmDestination();
    transformer.applyTemplates(source, result);
    QName failed = new QName(SVRL, "failed-assert");
    for (XdmNode node : result.getXdmNode().children().iterator().next().children()) {
      if (node.getNodeKind() != XdmNodeKind.ELEMENT || !node.getNodeName().equals(failed)) continue;
      String error = node.getAttributeValue(new QName("error"));
      out.print(node.getAttributeValue(new QName("id")) + "\t" + node.getAttributeValue(new QName("location")) + "\t"
          + (error == null ? "" : error) + "\n");
    }
  }

  /** Takes what lies under a folder of a jar. */
  private static void unpack(String jar, String folder, String target) throws Exception {
    Path home = Path.of(target);
    try (ZipFile zip = new ZipFile(jar)) {
      for (var entry : Collections.list(zip.entries())) {
        if (entry.isDirectory() || !entry.getName().startsWith(folder)) continue;
        Path path = home.resolve(entry.getName().substring(folder.length())).normalize();
        if (!path.startsWith(home)) throw new IllegalArgumentException("an entry outside the jar");
        Files.createDirectories(path.getParent());
        Files.copy(zip.getInputStream(entry), path, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Schema schema(String path) throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    return factory.newSchema(new File(path));
  }

  /** One line: "valid", or "invalid" and the first reason. */
  private void validate(Schema schema, String document) throws Exception {
    try {
      schema.newValidator().validate(new StreamSource(bytes(document)));
      out.print("valid\n");
    } catch (org.xml.sax.SAXException error) {
      out.print("invalid\t" + String.valueOf(error.getMessage()).replaceAll("\\s+", " ") + "\n");
    }
  }

  private static ByteArrayInputStream bytes(String base64) {
    return new ByteArrayInputStream(Base64.getDecoder().decode(base64));
  }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Judges of evidence that nobody here wrote: EU DSS and BouncyCastle. One process serves a whole suite: a line in, fields
 * separated by tabs; lines out, ended by a line with a dot, or by one that begins with "!".
 */
public final class Judges {
  private Judges() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        for (String said : answer(line.split("\t", -1))) out.print(said.replaceAll("[\r\n]+", " ") + "\n");
        out.print(".\n");
      } catch (Exception | LinkageError error) {
        out.print("!" + String.valueOf(error).replaceAll("\\s+", " ") + "\n");
      }
      out.flush();
    }
  }

  private static List<String> answer(String[] fields) throws Exception {
    return switch (fields[0]) {
      case "crl" -> Bouncy.makeCrl(fields[1], fields[2], fields[3]);
      case "cms" -> Bouncy.verifyCms(fields[1], fields[2], fields[3]);
      case "signature-time" -> Bouncy.verifySignatureTime(fields[1], fields[2]);
      case "token" -> Bouncy.verifyToken(fields[1], fields[2], fields[3]);
      case "record" -> Bouncy.verifyRecord(fields[1], fields[2], List.of(fields).subList(3, fields.length));
      case "container" -> Dss.validate(fields[1], fields[2]);
      default -> throw new IllegalArgumentException("no command " + fields[0]);
    };
  }
}

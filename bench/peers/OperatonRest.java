import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.operaton.bpm.engine.RepositoryService;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * Operaton's REST interface in Spring Boot, on PostgreSQL, with full history: OperatonRest JDBC-URL PORT MODEL. Ends when its standard
 * input does.
 */
@EnableAutoConfiguration
public class OperatonRest {
  public static void main(String[] arguments) throws Exception {
    var application = new SpringApplication(OperatonRest.class);
    application.setDefaultProperties(Map.of(
        "spring.datasource.url", arguments[0], "spring.datasource.username", "postgres", "spring.datasource.password", "",
        "spring.datasource.hikari.maximum-pool-size", "16", "server.port", arguments[1], "server.address", "127.0.0.1",
        "operaton.bpm.history-level", "full", "operaton.bpm.job-execution.enabled", "false", "spring.main.banner-mode", "off",
        "operaton.bpm.generic-properties.properties.enforce-history-time-to-live", "false"));
    var context = application.run();
    context.getBean(RepositoryService.class).createDeployment()
        .addString("m.bpmn", Files.readString(Path.of(arguments[2]))).deploy();
    System.out.println("ready");
    while (System.in.read() >= 0) { }
    System.exit(0);
  }
}

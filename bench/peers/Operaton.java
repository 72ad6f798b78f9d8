import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.operaton.bpm.engine.ProcessEngine;
import org.operaton.bpm.engine.ProcessEngineConfiguration;
import org.operaton.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/**
 * Operaton, embedded, on PostgreSQL, with full history: java -cp ... Operaton.java JDBC-URL ROUNDS MODEL-11 MODEL-200 MODEL-10 MODEL-20.
 * A step is taskService.complete(task, variables), which commits; the task was looked up before. Prints one JSON object.
 */
public class Operaton {
  static final Map<String, Object> FORM = Map.of("ok", true, "texto", "Se revisó la solicitud y está completa.");
  static ProcessEngine engine;

  static List<Double> instance(int steps) {
    String id = engine.getRuntimeService().startProcessInstanceByKey("Lineal" + steps).getId();
    List<Double> spent = new ArrayList<>();
    for (int n = 0; n < steps; n++) {
      String task = engine.getTaskService().createTaskQuery().processInstanceId(id).singleResult().getId();
      long begin = System.nanoTime();
      engine.getTaskService().complete(task, FORM);
      spent.add((System.nanoTime() - begin) / 1e6);
    }
    return spent;
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  static long size(Connection connection) throws Exception {
    try (var statement = connection.createStatement()) {
      statement.execute("VACUUM FULL");
      var rows = statement.executeQuery(
          "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
              + "WHERE n.nspname = 'public' AND c.relkind = 'r'");
      rows.next();
      return rows.getLong(1);
    }
  }

  static long bytesEach(Connection connection, int steps, int instances) throws Exception {
    long before = size(connection);
    for (int n = 0; n < instances; n++) instance(steps);
    return (size(connection) - before) / instances;
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    var configuration = (ProcessEngineConfigurationImpl) ProcessEngineConfiguration.createStandaloneProcessEngineConfiguration();
    configuration.setEnforceHistoryTimeToLive(false);
    engine = configuration
        .setJdbcDriver("org.postgresql.Driver").setJdbcUrl(url).setJdbcUsername("postgres").setJdbcPassword("")
        .setDatabaseSchemaUpdate("true").setHistory("full").setJobExecutorActivate(false).buildProcessEngine();
    var deployment = engine.getRepositoryService().createDeployment();
    for (int n = 2; n < 6; n++) {
      deployment.addString("m" + n + ".bpmn", Files.readString(Path.of(arguments[n])));
    }
    deployment.deploy();
    for (int n = 0; n < 40; n++) instance(11); // the virtual machine compiles what is hot
    List<Double> eleven = new ArrayList<>();
    for (int n = 0; n < Math.max(1, Integer.parseInt(arguments[1]) / 10); n++) eleven.addAll(instance(11).subList(0, 10));
    List<Double> twoHundred = instance(200).subList(149, 199);
    try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
      System.out.println(String.format(Locale.ROOT,
          "{\"version\": \"%s\", \"step_11\": %.4f, \"step_200\": %.4f, \"bytes_10\": %d, \"bytes_20\": %d}",
          ProcessEngine.class.getPackage().getImplementationVersion(), median(eleven), median(twoHundred),
          bytesEach(connection, 10, 40), bytesEach(connection, 20, 40)));
    }
    engine.close();
  }
}
